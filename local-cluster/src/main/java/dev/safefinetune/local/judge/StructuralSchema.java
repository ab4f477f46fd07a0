package dev.safefinetune.local.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of a CRD's structural schema.
 *
 * @param node the node itself, for its bounds
 * @param type one of object, array, string, integer, number, boolean; empty where any is allowed
 * @param properties schemas of an object's fields
 * @param additional schema of a map's values
 * @param items schema of a list's items
 * @param rules CEL rules
 */
record StructuralSchema(
        JsonNode node,
        String type,
        Map<String, StructuralSchema> properties,
        @Nullable StructuralSchema additional,
        @Nullable StructuralSchema items,
        List<Rule> rules) {

    /**
     * A CEL rule.
     *
     * @param expression over {@code self}, and {@code oldSelf} in rules on changes
     * @param message what would be right
     * @param fieldPath where the fault lies, relative to the schema's node, such as {@code .drop}; may be empty
     */
    record Rule(String expression, String message, String fieldPath) {}

    static StructuralSchema of(JsonNode node) {
        Map<String, StructuralSchema> properties = new LinkedHashMap<>();
        node.path("properties").properties().forEach(field -> properties.put(field.getKey(), of(field.getValue())));
        List<Rule> rules = new ArrayList<>();
        for (JsonNode rule : node.path("x-kubernetes-validations")) {
            String expression = rule.path("rule").asText();
            rules.add(new Rule(
                    expression,
                    rule.path("message").asText("failed rule: " + expression),
                    rule.path("fieldPath").asText("")));
        }
        JsonNode additional = node.path("additionalProperties");
        JsonNode items = node.path("items");
        return new StructuralSchema(
                node,
                node.path("type").asText(""),
                properties,
                additional.isObject() ? of(additional) : null,
                items.isObject() ? of(items) : null,
                rules);
    }

    boolean preservesUnknownFields() {
        return node.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)
                || node.path("additionalProperties").asBoolean(false);
    }

    boolean isNullable() {
        return node.path("nullable").asBoolean(false);
    }

    /** The default, or null where there is none. */
    @Nullable
    JsonNode byDefault() {
        return node.get("default");
    }

    String listType() {
        return node.path("x-kubernetes-list-type").asText("atomic");
    }

    List<String> listKeys() {
        List<String> keys = new ArrayList<>();
        node.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        return keys;
    }

    /** Schema of an object's field, of its own or as a map's value; null where the field is unknown. */
    @Nullable
    StructuralSchema field(String name) {
        StructuralSchema own = properties.get(name);
        return own != null ? own : additional;
    }
}
