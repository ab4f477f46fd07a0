package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.model.ModelConfig;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.train.ActivationMemory;
import org.jspecify.annotations.Nullable;

/**
 * An estimate of a training stage's peak memory, before it begins.
 *
 * <p>Legend: P parameters, t tokens of a micro-batch, all in float32.
 */
final class MemoryPlan {
    /** The Java process and libtorch with nothing loaded. */
    private static final long PROCESS = 240L << 20;

    /** A gradient and two moments beside each trained value. */
    private static final int TRAINED = 4 * Float.BYTES;

    private MemoryPlan() {}

    /**
     * Estimates.
     *
     * @param parameters P
     * @param longest tokens of the longest sample
     */
    static long bytes(
            ModelConfig config,
            long parameters,
            Hyperparameters hyperparameters,
            @Nullable LoraSettings lora,
            int longest) {
        long weights = parameters * Float.BYTES;
        // What is not float32 in the file lies in memory twice: its pages, and what they are converted to.
        long pages =
                config.dtype() == DType.F32 ? 0 : parameters * config.dtype().bytes();
        long trained = (lora == null ? parameters : lowRank(config, lora.rank())) * TRAINED;
        long most = Math.min(hyperparameters.microBatchTokens(), (long) hyperparameters.batchSize() * longest);
        return PROCESS + weights + pages + trained + ActivationMemory.peak(config, Math.max(longest, most));
    }

    /** r · (in + out) of the seven linear layers of each decoder layer. */
    private static long lowRank(ModelConfig config, int rank) {
        long query = (long) config.heads() * config.headDim();
        long keyValue = (long) config.keyValueHeads() * config.headDim();
        long attention = 2L * (config.hiddenSize() + query) + 2L * (config.hiddenSize() + keyValue);
        long feedForward = 3L * (config.hiddenSize() + config.intermediateSize());
        return config.layers() * rank * (attention + feedForward);
    }
}
