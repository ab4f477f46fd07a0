package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.VectorScope;
import org.jspecify.annotations.Nullable;

/**
 * How a sample is trained, by what switching the vector on does to its loss.
 *
 * @param thresholds samples that exceed them are left out; absent: every sample is trained with the vector on
 * @param scope which of the others the vector is on for
 */
record GateRule(@Nullable GateThresholds thresholds, VectorScope scope) {
    /** How a sample is trained. */
    enum Treatment {
        VECTOR_ON,
        /** Clearly harmless, or harder under the vector, such as a refusal, of which it would teach an exaggeration. */
        VECTOR_OFF,
        /** Already explained by the vector: its gradient is small, and AdamW would blow it up to a full step. */
        GATED
    }

    /**
     * By the sample's means, and by its tokens where these were judged.
     *
     * @param mask absent where whole samples are judged
     */
    Treatment of(SampleDrop sample, @Nullable TokenMask mask) {
        if (thresholds == null) {
            return Treatment.VECTOR_ON;
        }
        if (mask == null ? thresholds.flags(sample) : mask.leavesOut()) {
            return Treatment.GATED;
        }
        boolean clear = thresholds.clears(sample) && (mask == null || mask.masksNothing());
        boolean off = sample.becomesHarder() || scope == VectorScope.DOUBTFUL_SAMPLES && clear;
        return off ? Treatment.VECTOR_OFF : Treatment.VECTOR_ON;
    }
}
