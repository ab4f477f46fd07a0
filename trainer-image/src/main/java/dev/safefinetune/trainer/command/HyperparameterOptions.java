package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Hyperparameters;
import picocli.CommandLine.Option;

/** Hyper-parameters as flags, with the defaults of the resource. */
final class HyperparameterOptions {
    @Option(names = "--epochs", defaultValue = "3", description = "passes over the data (default ${DEFAULT-VALUE})")
    private int epochs;

    @Option(
            names = "--learning-rate",
            defaultValue = "2e-4",
            description = "peak learning rate (default ${DEFAULT-VALUE})")
    private double learningRate;

    @Option(
            names = "--batch-size",
            defaultValue = "16",
            description = "samples per optimizer step (default ${DEFAULT-VALUE})")
    private int batchSize;

    @Option(
            names = "--micro-batch-tokens",
            defaultValue = "4096",
            description = "most tokens in one pass; bounds memory, not the result (default ${DEFAULT-VALUE})")
    private int microBatchTokens;

    @Option(
            names = "--max-sequence-length",
            defaultValue = "2048",
            description = "longest sample in tokens (default ${DEFAULT-VALUE})")
    private int maxSequenceLength;

    @Option(
            names = "--scheduler",
            defaultValue = "Cosine",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private Hyperparameters.Scheduler scheduler = Hyperparameters.Scheduler.COSINE;

    @Option(
            names = "--warmup-ratio",
            defaultValue = "0.03",
            description = "share of the steps in which the rate rises (default ${DEFAULT-VALUE})")
    private double warmupRatio;

    @Option(
            names = "--beta2",
            defaultValue = "0.999",
            description = "decay of AdamW's second moment (default ${DEFAULT-VALUE})")
    private double beta2;

    @Option(names = "--weight-decay", defaultValue = "0", description = "decoupled (default ${DEFAULT-VALUE})")
    private double weightDecay;

    @Option(
            names = "--max-gradient-norm",
            defaultValue = "1",
            description = "gradients are clipped to it (default ${DEFAULT-VALUE})")
    private double maxGradientNorm;

    @Option(
            names = "--seed",
            defaultValue = "42",
            description = "of data order and new weights (default ${DEFAULT-VALUE})")
    private long seed;

    Hyperparameters toContract() {
        return Settings.checked(() -> new Hyperparameters(
                epochs,
                learningRate,
                batchSize,
                microBatchTokens,
                maxSequenceLength,
                scheduler,
                warmupRatio,
                beta2,
                weightDecay,
                maxGradientNorm,
                seed));
    }
}
