package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.ApiFault;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sets of fields in the form of {@code FieldsV1}: {@code f:name} is a field, {@code k:{"name":"x"}} an element of a list
 * with keys, {@code v:"x"} a value of a set, {@code .} the element itself; a leaf is an empty object.
 */
final class FieldTree {
    private static final String ITSELF = ".";

    private FieldTree() {}

    /** The fields that a value consists of. */
    static ObjectNode of(JsonNode value, String path, ListShape shape) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        if (value instanceof ObjectNode object) {
            for (var field : object.properties()) {
                String inner = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                tree.set("f:" + field.getKey(), of(field.getValue(), inner, shape));
            }
        } else if (value instanceof ArrayNode list) {
            List<String> keys = shape.keys(path);
            for (JsonNode element : list) {
                if (keys.equals(ListShape.SET)) {
                    tree.putObject("v:" + element);
                } else if (!keys.isEmpty() && element.isObject()) {
                    ObjectNode inner = of(element, path, shape);
                    inner.putObject(ITSELF);
                    tree.set("k:" + identity(element, keys), inner);
                }
            }
        }
        return tree;
    }

    private static ObjectNode identity(JsonNode element, List<String> keys) {
        ObjectNode identity = JsonNodeFactory.instance.objectNode();
        keys.stream().sorted().filter(element::has).forEach(k -> identity.set(k, element.get(k)));
        return identity;
    }

    /** The ways from the root to each leaf. */
    static List<List<String>> leaves(JsonNode tree) {
        List<List<String>> all = new ArrayList<>();
        collect(tree, new ArrayList<>(), all);
        return all;
    }

    private static void collect(JsonNode tree, List<String> way, List<List<String>> all) {
        if (tree.isEmpty()) {
            if (!way.isEmpty()) {
                all.add(List.copyOf(way));
            }
            return;
        }
        for (var step : tree.properties()) {
            way.add(step.getKey());
            collect(step.getValue(), way, all);
            way.removeLast();
        }
    }

    static ObjectNode ofLeaves(List<List<String>> leaves) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        for (List<String> leaf : leaves) {
            ObjectNode at = tree;
            for (String step : leaf) {
                at = at.get(step) instanceof ObjectNode inner ? inner : at.putObject(step);
            }
        }
        return tree;
    }

    /** The value at a leaf, or null when there is none. */
    static @Nullable JsonNode value(JsonNode root, List<String> way) {
        JsonNode at = root;
        for (String step : way) {
            JsonNode next = step.equals(ITSELF) ? at : child(at, step);
            if (next == null) {
                return null;
            }
            at = next;
        }
        return way.getLast().equals(ITSELF) ? JsonNodeFactory.instance.booleanNode(true) : at;
    }

    private static @Nullable JsonNode child(JsonNode at, String step) {
        String rest = step.substring(2);
        if (step.startsWith("f:")) {
            return at.get(rest);
        }
        if (!(at instanceof ArrayNode list)) {
            return null;
        }
        JsonNode sought = parse(rest);
        for (JsonNode element : list) {
            if (step.startsWith("v:") ? element.equals(sought) : matches(element, sought)) {
                return element;
            }
        }
        return null;
    }

    private static boolean matches(JsonNode element, JsonNode identity) {
        return identity.properties().stream().allMatch(k -> k.getValue().equals(element.get(k.getKey())));
    }

    private static JsonNode parse(String json) {
        try {
            return Serialization.jsonMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw ApiFault.badRequest("managedFields: " + e.getOriginalMessage());
        }
    }

    /** Takes a leaf out of a value, and what is left empty by that. */
    static void remove(JsonNode root, List<String> way) {
        boolean element = way.getLast().equals(ITSELF);
        List<String> rest = element ? way.subList(0, way.size() - 1) : way;
        JsonNode parent = rest.size() == 1 ? root : value(root, rest.subList(0, rest.size() - 1));
        JsonNode gone = value(root, rest);
        if (parent instanceof ObjectNode object) {
            object.remove(rest.getLast().substring(2));
        } else if (parent instanceof ArrayNode list && gone != null) {
            for (int i = list.size() - 1; i >= 0; i--) {
                if (list.get(i).equals(gone)) {
                    list.remove(i);
                }
            }
        }
        if (rest.size() > 2 && parent != null && parent.isEmpty()) {
            remove(root, rest.subList(0, rest.size() - 1));
        }
    }

    /** As conflicts name fields: {@code .spec.containers[name="x"].image}. */
    static String display(List<String> way) {
        StringBuilder text = new StringBuilder();
        for (String step : way) {
            if (step.startsWith("f:")) {
                text.append('.').append(step.substring(2));
            } else if (step.startsWith("k:")) {
                List<String> keys = new ArrayList<>();
                parse(step.substring(2)).properties().forEach(k -> keys.add(k.getKey() + "=" + k.getValue()));
                text.append('[').append(String.join(",", keys)).append(']');
            } else if (step.startsWith("v:")) {
                text.append('[').append(step.substring(2)).append(']');
            }
        }
        return text.toString();
    }
}
