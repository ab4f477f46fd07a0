package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.ApiFault;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;

/**
 * A change in one of the forms that the API knows, server-side apply apart.
 *
 * @param form how {@code body} is meant
 */
public record Patch(Form form, JsonNode body) {
    /** The forms of a patch. */
    public enum Form {
        /** RFC 6902. */
        JSON,
        /** RFC 7386. */
        MERGE,
        /** Kubernetes' own: lists of built-in kinds are merged by their elements' keys. */
        STRATEGIC,
        /** A part of the object that its manager wishes to be so. */
        APPLY
    }

    /**
     * The object with this change.
     *
     * @throws ApiFault when the patch does not fit the object
     */
    ObjectNode apply(ObjectNode object) {
        JsonNode changed = switch (form) {
            case JSON -> applyJson(object);
            case MERGE -> merge(object.deepCopy(), body);
            case STRATEGIC -> new StrategicMerge(ListShape.builtIn()).merge(object, body);
            case APPLY -> throw new IllegalStateException("apply is not a plain patch");
        };
        if (!(changed instanceof ObjectNode result)) {
            throw ApiFault.badRequest("the patch does not leave an object");
        }
        return result;
    }

    private JsonNode applyJson(ObjectNode object) {
        if (!(body instanceof ArrayNode)) {
            throw ApiFault.badRequest(
                    "error decoding patch: json: cannot unmarshal object into []handlers.jsonPatchOp");
        }
        try {
            return JsonPatch.apply(body, object.deepCopy());
        } catch (JsonPatchException e) {
            throw ApiFault.unprocessable(
                    "the server rejected our request due to an error in our request: " + e.getMessage());
        }
    }

    static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch.deepCopy();
        }
        ObjectNode result = target instanceof ObjectNode object ? object : changes.objectNode();
        for (var change : changes.properties()) {
            if (change.getValue().isNull()) {
                result.remove(change.getKey());
            } else {
                JsonNode before = result.path(change.getKey());
                result.set(change.getKey(), merge(before, change.getValue()));
            }
        }
        return result;
    }
}
