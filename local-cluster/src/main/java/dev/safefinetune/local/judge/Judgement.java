package dev.safefinetune.local.judge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What was found of an object.
 *
 * @param unknownFields fields that the schema does not know; refused under strict field validation, otherwise dropped
 * @param errors what the object is refused for whatever the field validation
 * @param object the object without unknown fields and with defaults
 */
public record Judgement(List<Finding> unknownFields, List<Finding> errors, ObjectNode object) {
    public Judgement {
        unknownFields = List.copyOf(unknownFields);
        errors = List.copyOf(errors);
    }

    /** Whether an API server stores the object under strict field validation. */
    public boolean isAccepted() {
        return unknownFields.isEmpty() && errors.isEmpty();
    }
}
