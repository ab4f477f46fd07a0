package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.ReadinessSpec;
import org.jspecify.annotations.Nullable;

/**
 * A security vector that a run uses.
 *
 * @param namespace of its SecurityVector
 * @param name of its SecurityVector
 * @param digest of the vector
 * @param readiness what it was held to; absent where an earlier release began the run, which wrote none down
 */
public record VectorInUse(
        String namespace,
        String name,
        String digest,
        @Nullable ReadinessSpec readiness) {}
