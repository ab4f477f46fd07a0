package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How the optimizer walks through the data: AdamW (Loshchilov and Hutter, arXiv 1711.05101).
 *
 * @param epochs passes over the data, at least 1
 * @param learningRate peak learning rate, above 0
 * @param batchSize samples per optimizer step
 * @param microBatchTokens most tokens in one forward and backward pass; a step's samples are split into as many
 *     micro-batches as that needs (gradient accumulation), which bounds memory and leaves the result alone
 * @param maxSequenceLength longest sample in tokens; longer ones are refused, never cut silently
 * @param scheduler how the learning rate falls after warm-up
 * @param warmupRatio share of the steps in which the learning rate rises linearly from 0, 0..1
 * @param beta2 decay of the second moment; the first moment's is 0.9
 * @param weightDecay decoupled weight decay
 * @param maxGradientNorm global norm to which gradients are clipped
 * @param seed of data order and initial adapter weights
 */
public record Hyperparameters(
        int epochs,
        double learningRate,
        int batchSize,
        int microBatchTokens,
        int maxSequenceLength,
        Scheduler scheduler,
        double warmupRatio,
        double beta2,
        double weightDecay,
        double maxGradientNorm,
        long seed) {

    /** Course of the learning rate after warm-up. */
    public enum Scheduler {
        @JsonProperty("Cosine")
        COSINE,
        @JsonProperty("Linear")
        LINEAR,
        @JsonProperty("Constant")
        CONSTANT
    }

    public Hyperparameters {
        Require.range("hyperparameters.epochs", epochs, 1, 1000);
        Require.positive("hyperparameters.learningRate", learningRate);
        Require.range("hyperparameters.batchSize", batchSize, 1, 65_536);
        Require.range("hyperparameters.microBatchTokens", microBatchTokens, 1, Integer.MAX_VALUE);
        Require.range("hyperparameters.maxSequenceLength", maxSequenceLength, 2, 1_048_576);
        Require.present("hyperparameters.scheduler", scheduler);
        Require.range("hyperparameters.warmupRatio", warmupRatio, 0.0, 1.0);
        Require.range("hyperparameters.beta2", beta2, 0.0, 1.0);
        Require.range("hyperparameters.weightDecay", weightDecay, 0.0, 1.0);
        Require.positive("hyperparameters.maxGradientNorm", maxGradientNorm);
    }
}
