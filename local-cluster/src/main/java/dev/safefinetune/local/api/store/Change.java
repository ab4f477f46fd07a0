package dev.safefinetune.local.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the log.
 *
 * @param version the resource version that this change made
 * @param kind what happened
 * @param object as it is now, or as it last was
 * @param previous as it was before, absent when added
 */
public record Change(
        long version,
        Kind kind,
        ObjectKey key,
        ObjectNode object,
        @Nullable ObjectNode previous) {
    /** What happened to the object, as a watch names it. */
    public enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }
}
