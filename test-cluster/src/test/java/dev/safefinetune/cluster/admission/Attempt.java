package dev.safefinetune.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * A request that a user makes, and how it has to be judged.
 *
 * @param name who does what and why
 * @param as the user's name in the corpus
 * @param verb create, update, delete, deletecollection, connect or token
 * @param place the namespace's part in the corpus: guarded, open, kube or own
 * @param object the object's name in the corpus
 * @param subresource empty: the object itself
 * @param changes what is set in the object, by JSON pointer
 * @param rule that refuses it; empty: it is allowed
 */
record Attempt(
        String name,
        String as,
        String verb,
        String place,
        String object,
        String subresource,
        Map<String, JsonNode> changes,
        String rule) {

    boolean isAllowed() {
        return rule.isEmpty();
    }

    /** The object with the changes. */
    ObjectNode changed(ObjectNode object) {
        ObjectNode changed = object.deepCopy();
        changes.forEach((pointer, value) -> Pointers.set(changed, pointer, value.deepCopy()));
        return changed;
    }

    @Override
    public String toString() {
        return name;
    }
}
