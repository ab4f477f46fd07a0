package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kubernetes' strategic merge patch: like a merge patch, but lists with keys are merged element by element. */
final class StrategicMerge {
    private static final String DIRECTIVE = "$patch";
    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

    private final ListShape shape;

    StrategicMerge(ListShape shape) {
        this.shape = shape;
    }

    JsonNode merge(ObjectNode object, JsonNode patch) {
        return merge("", object.deepCopy(), patch);
    }

    private JsonNode merge(String path, JsonNode target, JsonNode patch) {
        if (patch instanceof ObjectNode changes) {
            return mergeObject(path, target, changes);
        }
        if (patch instanceof ArrayNode changes && target instanceof ArrayNode before) {
            List<String> keys = shape.keys(path);
            if (keys.equals(ListShape.SET)) {
                return mergeSet(before, changes);
            }
            return keys.isEmpty() ? changes.deepCopy() : mergeByKeys(path, before, changes, keys);
        }
        return patch.deepCopy();
    }

    private JsonNode mergeObject(String path, JsonNode target, ObjectNode changes) {
        boolean replace = changes.path(DIRECTIVE).asText("").equals("replace");
        ObjectNode result = !replace && target instanceof ObjectNode object ? object : changes.objectNode();
        for (var change : changes.properties()) {
            String field = change.getKey();
            if (field.startsWith(DELETE_FROM)) {
                deleteFrom(result, field.substring(DELETE_FROM.length()), change.getValue());
            } else if (field.startsWith("$")) {
                continue;
            } else if (change.getValue().isNull()) {
                result.remove(field);
            } else {
                String inner = path.isEmpty() ? field : path + "." + field;
                result.set(field, merge(inner, result.path(field), change.getValue()));
            }
        }
        return result;
    }

    private static void deleteFrom(ObjectNode object, String field, JsonNode values) {
        if (object.get(field) instanceof ArrayNode list) {
            ArrayNode kept = list.arrayNode();
            for (JsonNode value : list) {
                if (!contains(values, value)) {
                    kept.add(value);
                }
            }
            object.set(field, kept);
        }
    }

    private static ArrayNode mergeSet(ArrayNode before, ArrayNode changes) {
        ArrayNode result = before.deepCopy();
        for (JsonNode value : changes) {
            if (!contains(result, value)) {
                result.add(value);
            }
        }
        return result;
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode each : list) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private ArrayNode mergeByKeys(String path, ArrayNode before, ArrayNode changes, List<String> keys) {
        ArrayNode result = before.deepCopy();
        for (JsonNode change : changes) {
            Integer at = find(result, change, keys);
            if (change.path(DIRECTIVE).asText("").equals("delete")) {
                if (at != null) {
                    result.remove(at);
                }
            } else if (at == null) {
                result.add(merge(path, change.isObject() ? result.objectNode() : change, change));
            } else {
                result.set(at, merge(path, result.get(at), change));
            }
        }
        return result;
    }

    static @Nullable Integer find(ArrayNode list, JsonNode element, List<String> keys) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode candidate = list.get(i);
            if (keys.stream().allMatch(k -> candidate.path(k).equals(element.path(k)))) {
                return i;
            }
        }
        return null;
    }
}
