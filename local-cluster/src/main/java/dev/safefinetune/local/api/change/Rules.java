package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.FieldFault;
import java.util.List;

/** What a kind asks of its objects beyond what all objects have in common. Methods change the given object in place. */
interface Rules {

    /** Removes what the schema does not know and returns a sentence for each such field. */
    default List<String> prune(ObjectNode object) {
        return List.of();
    }

    /** Fills in defaults and what the server owns. */
    default void prepareCreation(ObjectNode object) {}

    /** Fills in defaults and puts back what must not change silently. */
    default void prepareUpdate(ObjectNode object, ObjectNode old) {}

    /** What is wrong with a new object. */
    default List<FieldFault> checkCreation(ObjectNode object) {
        return List.of();
    }

    /** What is wrong with a changed object. */
    default List<FieldFault> checkUpdate(ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /** Whether changes of anything but metadata and status count up the generation. */
    default boolean hasGeneration() {
        return false;
    }
}
