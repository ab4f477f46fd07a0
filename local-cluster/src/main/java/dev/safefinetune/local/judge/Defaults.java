package dev.safefinetune.local.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills in a schema's defaults in place, outer ones first, so that an object put in is filled by its own fields'. */
final class Defaults {
    private Defaults() {}

    static void fill(JsonNode value, StructuralSchema schema) {
        if (value instanceof ObjectNode object) {
            fillFields(object, schema);
        } else if (value instanceof ArrayNode array && schema.items() != null) {
            for (JsonNode item : array) {
                fill(item, schema.items());
            }
        }
    }

    private static void fillFields(ObjectNode object, StructuralSchema schema) {
        for (Map.Entry<String, StructuralSchema> field : schema.properties().entrySet()) {
            StructuralSchema of = field.getValue();
            JsonNode present = object.get(field.getKey());
            if (!isAbsent(present, of)) {
                continue;
            }
            JsonNode byDefault = of.byDefault();
            if (byDefault != null) {
                object.set(field.getKey(), byDefault.deepCopy());
            } else if (present != null) {
                // A null where none is allowed is the same as leaving the field out.
                object.remove(field.getKey());
            }
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            StructuralSchema of = schema.field(field.getKey());
            if (of != null) {
                fill(field.getValue(), of);
            }
        }
    }

    private static boolean isAbsent(@Nullable JsonNode value, StructuralSchema schema) {
        return value == null || (value.isNull() && !schema.isNullable());
    }
}
