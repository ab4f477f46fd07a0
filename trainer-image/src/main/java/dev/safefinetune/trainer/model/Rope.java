package dev.safefinetune.trainer.model;

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

        /** As trained. */
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
    }
}
