package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * Holds the model's hidden states at requests of the vector's replay to the base's own, in each step of training and cooldown.
 *
 * @param weight of the term in the loss, relative to the variance of the base's own states; above 0
 */
public record AnchorSettings(double weight) {
    public AnchorSettings {
        Require.positive("anchor.weight", weight);
    }

    /** Of a training that wishes no other. */
    public static AnchorSettings of(FineTuning.Method method) {
        return new AnchorSettings(Double.parseDouble(
                switch (method) {
                    case LORA -> Defaults.Anchor.WEIGHT;
                    case FULL -> Defaults.Anchor.FULL_WEIGHT;
                }));
    }

    /** The requests lie beside the vector: without one there are none. */
    static void require(@Nullable AnchorSettings anchor, @Nullable VectorInput vector) {
        if (anchor != null && vector == null) {
            throw new IllegalArgumentException("train.anchor must be left out where train.vector is, was " + anchor);
        }
    }
}
