package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.FieldFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ResourceType;
import java.util.ArrayList;
import java.util.List;

/** What of an object a change may touch, and what stays as it was. */
final class Revision {
    private static final String STATUS = "status";

    private Revision() {}

    static ObjectNode withStatus(ObjectNode old, ObjectNode candidate) {
        ObjectNode object = old.deepCopy();
        copy(candidate, object, STATUS);
        copy(Meta.of(candidate), Meta.of(object), "managedFields");
        return object;
    }

    static ObjectNode withoutStatus(ResourceType type, ObjectNode old, ObjectNode candidate) {
        if (type.statusSubresource()) {
            copy(old, candidate, STATUS);
        }
        return candidate;
    }

    static void keepIdentity(ObjectNode object, ObjectNode old) {
        for (String field : List.of(
                "name",
                "namespace",
                "uid",
                "creationTimestamp",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "generation",
                "generateName",
                "resourceVersion")) {
            copy(Meta.of(old), Meta.of(object), field);
        }
    }

    private static void copy(ObjectNode from, ObjectNode to, String field) {
        if (from.get(field) == null) {
            to.remove(field);
        } else {
            to.set(field, from.get(field).deepCopy());
        }
    }

    static List<FieldFault> checkFinalizers(ObjectNode object, ObjectNode old) {
        List<String> added = new ArrayList<>(Meta.finalizers(object));
        added.removeAll(Meta.finalizers(old));
        return Meta.isDeleting(old) && !added.isEmpty()
                ? List.of(FieldFault.forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new finalizers " + added))
                : List.of();
    }

    static JsonNode content(ObjectNode object) {
        return object.deepCopy().without(List.of("metadata", STATUS));
    }

    static JsonNode withoutManagers(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        Meta.of(copy).remove("managedFields");
        return copy;
    }
}
