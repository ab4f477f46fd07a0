package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The outcome of a write.
 *
 * @param object as stored
 * @param created whether it is new
 * @param warnings for the client, such as unknown fields that were pruned
 */
public record Written(ObjectNode object, boolean created, List<String> warnings) {
    public Written {
        warnings = List.copyOf(warnings);
    }
}
