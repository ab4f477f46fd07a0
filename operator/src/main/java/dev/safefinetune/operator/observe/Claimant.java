package dev.safefinetune.operator.observe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Another resource of the namespace, of either kind, that is to publish to a place of its own or has done so.
 *
 * @param kind of the resource
 * @param name of the resource
 * @param place the URI that it is to publish to
 * @param created when the resource was made
 * @param started when its run's first Job was made; absent before
 * @param suspended whether it is held
 * @param published whether its run has ended with what was wished for, which lies there now
 */
public record Claimant(
        String kind,
        String name,
        String place,
        Instant created,
        @Nullable Instant started,
        boolean suspended,
        boolean published) {}
