package dev.safefinetune.trainer.train;

import org.jspecify.annotations.Nullable;

/**
 * How a sample is trained, by what switching the vector on does to its loss.
 *
 * @param gateDrop samples with a larger drop are left out, in nats; absent: every sample is trained with the vector on
 */
record GateRule(@Nullable Double gateDrop) {
    /** A sample counts as made harder from this share of its own loss, plus {@link #HARDER_NATS}. */
    private static final double HARDER_SHARE = 0.5;

    private static final double HARDER_NATS = 0.1;

    /** How a sample is trained. */
    enum Treatment {
        VECTOR_ON,
        /** Harder under the vector, such as a refusal: under the vector it would teach an exaggeration. */
        VECTOR_OFF,
        /** Already explained by the vector: its gradient is small, and AdamW would blow it up to a full step. */
        GATED
    }

    Treatment of(SampleDrop sample) {
        if (gateDrop == null) {
            return Treatment.VECTOR_ON;
        }
        if (sample.drop() > gateDrop) {
            return Treatment.GATED;
        }
        boolean harder = -sample.drop() > HARDER_SHARE * sample.lossOff() + HARDER_NATS;
        return harder ? Treatment.VECTOR_OFF : Treatment.VECTOR_ON;
    }
}
