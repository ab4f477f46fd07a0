package dev.safefinetune.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes into objects by JSON pointers, making what is not there on the way. */
final class Pointers {
    private Pointers() {}

    /** Sets what a pointer names; null takes it away, {@code -} adds to an array. */
    static void set(ObjectNode object, String pointer, JsonNode value) {
        String[] parts = pointer.substring(1).split("/");
        JsonNode at = object;
        for (int i = 0; i < parts.length - 1; i++) {
            at = below(at, key(parts[i]), parts[i + 1].equals("-"));
        }
        String last = key(parts[parts.length - 1]);
        if (at instanceof ArrayNode array) {
            if (last.equals("-")) {
                array.add(value);
            } else {
                array.set(Integer.parseInt(last), value);
            }
        } else if (value.isNull()) {
            ((ObjectNode) at).remove(last);
        } else {
            ((ObjectNode) at).set(last, value);
        }
    }

    private static JsonNode below(JsonNode at, String key, boolean array) {
        if (at instanceof ArrayNode list) {
            return list.get(Integer.parseInt(key));
        }
        ObjectNode parent = (ObjectNode) at;
        if (parent.path(key).isContainerNode()) {
            return parent.get(key);
        }
        return array ? parent.putArray(key) : parent.putObject(key);
    }

    private static String key(String part) {
        return part.replace("~1", "/").replace("~0", "~");
    }
}
