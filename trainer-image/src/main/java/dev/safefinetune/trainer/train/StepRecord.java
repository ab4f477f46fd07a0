package dev.safefinetune.trainer.train;

import org.jspecify.annotations.Nullable;

/**
 * One optimizer step.
 *
 * @param step from 1, counted through training and cooldown
 * @param phase training or cooldown
 * @param learningRate of this step
 * @param loss mean negative log-likelihood per answer token over the step's samples that were not gated, in nats; absent
 *     where all were
 * @param divergence of vector training only: KL(base ‖ base + vector) on the step's benign samples, in nats per position
 * @param gradientNorm global norm before clipping; absent where all samples were gated
 * @param samples samples of the step
 * @param gated samples of it that the gate left out; where that is all of them, no step was taken
 */
public record StepRecord(
        int step,
        Phase phase,
        double learningRate,
        @Nullable Double loss,
        @Nullable Double divergence,
        @Nullable Double gradientNorm,
        int samples,
        int gated) {
    StepRecord withGradientNorm(double norm) {
        return new StepRecord(step, phase, learningRate, loss, divergence, norm, samples, gated);
    }

    /** Which part of training a step belongs to. */
    public enum Phase {
        TRAIN,
        COOLDOWN,
        /** Of the throw-away copy in min-min, see {@link dev.safefinetune.trainer.vector.VectorTrainer}. */
        COPY
    }
}
