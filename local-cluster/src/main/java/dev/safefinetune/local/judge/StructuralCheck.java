package dev.safefinetune.local.judge;

import static dev.safefinetune.local.judge.Finding.Type.DUPLICATE;
import static dev.safefinetune.local.judge.Finding.Type.NOT_SUPPORTED;
import static dev.safefinetune.local.judge.Finding.Type.REQUIRED;
import static dev.safefinetune.local.judge.Finding.Type.WRONG_TYPE;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds a value to its structural schema: types, required fields, bounds, choices, and what lists may repeat. */
final class StructuralCheck {
    private final List<Finding> findings = new ArrayList<>();

    private StructuralCheck() {}

    static List<Finding> check(JsonNode object, StructuralSchema schema) {
        StructuralCheck check = new StructuralCheck();
        check.visit("", object, schema);
        return check.findings;
    }

    private void visit(String path, JsonNode value, StructuralSchema schema) {
        if (value.isNull() && schema.isNullable()) {
            return;
        }
        if (!Bounds.isOfType(value, schema.type())) {
            String shown = value.isContainerNode() ? "\"" + Bounds.typeOf(value) + "\"" : value.toString();
            add(
                    WRONG_TYPE,
                    path,
                    shown,
                    "must be of type " + schema.type() + quotesMissing(value, schema) + choices(schema));
            return;
        }
        choice(path, value, schema);
        Bounds.check(path, value, schema, findings);
        if (value.isObject()) {
            fields(path, value, schema);
        } else if (value.isArray()) {
            items(path, value, schema);
        }
    }

    /** YAML takes 0.1 for a number and Off for false, where a text was meant. */
    private static String quotesMissing(JsonNode value, StructuralSchema schema) {
        return schema.type().equals("string") && value.isValueNode() && !value.isNull()
                ? ", which YAML makes of it only in quotes"
                : "";
    }

    private void choice(String path, JsonNode value, StructuralSchema schema) {
        for (JsonNode choice : schema.node().path("enum")) {
            if (choice.equals(value)) {
                return;
            }
        }
        if (!schema.node().path("enum").isEmpty()) {
            add(NOT_SUPPORTED, path, value.toString(), supported(schema));
        }
    }

    private static String choices(StructuralSchema schema) {
        return schema.node().path("enum").isEmpty() ? "" : "; " + supported(schema);
    }

    private static String supported(StructuralSchema schema) {
        List<String> supported = new ArrayList<>();
        schema.node().path("enum").forEach(choice -> supported.add(choice.toString()));
        return "supported values: " + String.join(", ", supported);
    }

    private void fields(String path, JsonNode object, StructuralSchema schema) {
        for (JsonNode name : schema.node().path("required")) {
            if (!object.has(name.asText())) {
                add(REQUIRED, Paths.field(path, name.asText()), "", "");
            }
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            StructuralSchema of = schema.field(field.getKey());
            if (of != null) {
                visit(Paths.field(path, field.getKey()), field.getValue(), of);
            }
        }
    }

    private void items(String path, JsonNode array, StructuralSchema schema) {
        if (schema.items() == null) {
            return;
        }
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode item = array.get(i);
            visit(Paths.item(path, i), item, schema.items());
            Object identity = identity(item, schema);
            if (identity != null && !seen.add(identity)) {
                add(DUPLICATE, Paths.item(path, i), identity.toString(), "");
            }
        }
    }

    /** What tells an item from the others in a list that may hold it once; null where it may be repeated. */
    private static @org.jspecify.annotations.Nullable Object identity(JsonNode item, StructuralSchema schema) {
        return switch (schema.listType()) {
            case "set" -> item;
            case "map" -> {
                Map<String, JsonNode> keys = new java.util.LinkedHashMap<>();
                schema.listKeys().forEach(key -> keys.put(key, item.path(key)));
                yield keys;
            }
            default -> null;
        };
    }

    private void add(Finding.Type type, String path, String value, String message) {
        findings.add(new Finding(type, path, value, message));
    }
}
