package dev.safefinetune.trainer.family;

import java.util.List;

/**
 * Rotary position embedding (Su et al., arXiv 2104.09864): pair i of a head turns by position · θ^(−2i / D).
 *
 * @param theta θ
 * @param scaling how frequencies are changed for long contexts
 */
public record Rope(double theta, Scaling scaling) {

    /** How frequencies are changed for long contexts. */
    public sealed interface Scaling {
        Scaling NONE = new None();

        /** As trained. Dynamic scaling too: it changes nothing up to {@code max_position_embeddings}, and no sample is longer. */
        record None() implements Scaling {}

        /** All frequencies divided by {@code factor}. */
        record Linear(double factor) implements Scaling {}

        /**
         * Llama 3.1: long wavelengths divided by {@code factor}, short ones kept, smooth in between.
         *
         * @param originalPositions context length before scaling
         */
        record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions)
                implements Scaling {}

        /**
         * YaRN (Peng et al., arXiv 2309.00071): frequencies that turn often are kept, those that turn seldom divided, on a
         * ramp in between.
         *
         * @param attentionFactor on cosines and sines
         * @param betaFast turns within the original context above which a frequency is kept
         * @param betaSlow turns below which it is divided
         * @param originalPositions context length before scaling
         * @param truncate whether the ramp begins and ends at whole pairs
         */
        record Yarn(
                double factor,
                double attentionFactor,
                double betaFast,
                double betaSlow,
                int originalPositions,
                boolean truncate)
                implements Scaling {}

        /**
         * LongRoPE (Ding et al., arXiv 2402.13753): each frequency divided by a factor of its own, other ones for documents
         * that are longer than the original context.
         *
         * @param attentionFactor on cosines and sines
         * @param originalPositions context length before scaling
         */
        record Long(List<Double> shortFactors, List<Double> longFactors, double attentionFactor, int originalPositions)
                implements Scaling {
            public Long {
                shortFactors = List.copyOf(shortFactors);
                longFactors = List.copyOf(longFactors);
            }
        }
    }
}
