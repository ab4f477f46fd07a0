package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.model.ModelConfig;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.StoredTensor;
import dev.safefinetune.trainer.train.ActivationMemory;
import java.nio.file.Path;
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
     * What a checkpoint holds.
     *
     * @param parameters P
     * @param pages bytes of those that are not float32: they lie in memory twice, as the file's pages and as what these are
     *     converted to
     */
    record Stored(long parameters, long pages) {
        static Stored of(Path directory) {
            try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                long parameters = 0;
                long pages = 0;
                for (StoredTensor tensor : checkpoint.tensors().values()) {
                    parameters += tensor.elements();
                    // Each tensor has its own type, whatever config.json says.
                    pages += tensor.dtype() == DType.F32
                            ? 0
                            : tensor.elements() * tensor.dtype().bytes();
                }
                return new Stored(parameters, pages);
            }
        }
    }

    /**
     * Estimates.
     *
     * @param longest tokens of the longest sample
     */
    static long bytes(
            ModelConfig config,
            Stored stored,
            Hyperparameters hyperparameters,
            @Nullable LoraSettings lora,
            int longest) {
        long weights = stored.parameters() * Float.BYTES;
        long trained = (lora == null ? stored.parameters() : lowRank(config, lora.rank())) * TRAINED;
        long most = Math.min(hyperparameters.microBatchTokens(), (long) hyperparameters.batchSize() * longest);
        return PROCESS + weights + stored.pages() + trained + ActivationMemory.peak(config, Math.max(longest, most));
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
