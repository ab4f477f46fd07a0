package dev.safefinetune.operator.observe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Another resource of the namespace, of either kind, whose run has not ended and is to end in a place of its own.
 *
 * @param kind of the resource
 * @param name of the resource
 * @param place the URI that it is to publish to
 * @param created when the resource was made
 * @param started when its run's first Job was made; absent before
 * @param suspended whether it is held
 */
public record Claimant(
        String kind,
        String name,
        String place,
        Instant created,
        @Nullable Instant started,
        boolean suspended) {}
