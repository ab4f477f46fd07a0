package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * One of several vectors that were attached together.
 *
 * @param digest of its adapter
 * @param gateDrop threshold of its gate in nats; absent where the gate was off
 * @param gateShare the same of the share of a sample's loss, 0..1
 * @param flagged samples of the user's that this one explains furthest beyond its own thresholds
 */
public record AttachedVector(
        Digest digest, @Nullable Double gateDrop, @Nullable Double gateShare, int flagged) {
    public AttachedVector {
        Require.present("attachedVector.digest", digest);
        Require.range("attachedVector.flagged", flagged, 0, Integer.MAX_VALUE);
    }
}
