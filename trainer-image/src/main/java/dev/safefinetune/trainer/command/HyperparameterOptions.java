package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.Hyperparameters;
import picocli.CommandLine.Option;

/** Hyper-parameters as flags, with the defaults of a SafeFineTune. */
final class HyperparameterOptions {
    @Option(
            names = "--epochs",
            defaultValue = "" + Defaults.FineTune.EPOCHS,
            description = "passes over the data (default ${DEFAULT-VALUE})")
    private int epochs;

    @Option(
            names = "--learning-rate",
            defaultValue = Defaults.FineTune.LEARNING_RATE,
            description = "peak learning rate (default ${DEFAULT-VALUE})")
    private double learningRate;

    @Option(
            names = "--batch-size",
            defaultValue = "" + Defaults.BATCH_SIZE,
            description = "samples per optimizer step (default ${DEFAULT-VALUE})")
    private int batchSize;

    @Option(
            names = "--micro-batch-tokens",
            defaultValue = "" + Defaults.MICRO_BATCH_TOKENS,
            description = "most tokens in one pass; bounds memory, not the result (default ${DEFAULT-VALUE})")
    private int microBatchTokens;

    @Option(
            names = "--max-sequence-length",
            defaultValue = "" + Defaults.MAX_SEQUENCE_LENGTH,
            description = "longest sample in tokens (default ${DEFAULT-VALUE})")
    private int maxSequenceLength;

    @Option(
            names = "--scheduler",
            defaultValue = Defaults.FineTune.SCHEDULER,
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private Hyperparameters.Scheduler scheduler = Hyperparameters.Scheduler.COSINE;

    @Option(
            names = "--warmup-ratio",
            defaultValue = Defaults.FineTune.WARMUP_RATIO,
            description = "share of the steps in which the rate rises (default ${DEFAULT-VALUE})")
    private double warmupRatio;

    @Option(
            names = "--beta2",
            defaultValue = Defaults.BETA2,
            description = "decay of AdamW's second moment (default ${DEFAULT-VALUE})")
    private double beta2;

    @Option(
            names = "--weight-decay",
            defaultValue = Defaults.WEIGHT_DECAY,
            description = "decoupled (default ${DEFAULT-VALUE})")
    private double weightDecay;

    @Option(
            names = "--max-gradient-norm",
            defaultValue = Defaults.MAX_GRADIENT_NORM,
            description = "gradients are clipped to it (default ${DEFAULT-VALUE})")
    private double maxGradientNorm;

    @Option(
            names = "--seed",
            defaultValue = "" + Defaults.SEED,
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
