package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.WeightOrder;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.StoredTensor;
import dev.safefinetune.trainer.train.ActivationMemory;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An estimate of a training stage's peak memory, before it begins.
 *
 * <p>Legend: P parameters, t tokens of a micro-batch.
 */
public final class MemoryPlan {
    /** The Java process and libtorch with nothing loaded. */
    private static final long PROCESS = 240L << 20;

    /** Keys and values of a batch of answers, and as much again for what is computed from them. */
    private static final long ANSWERING = 512L << 20;

    /** A gradient and two moments beside each trained value. */
    private static final int TRAINED = 4 * Float.BYTES;

    private MemoryPlan() {}

    /**
     * What a checkpoint holds.
     *
     * @param parameters P
     * @param types how many there are of each element type: those of another type than a run computes in lie in memory twice,
     *     as the file's pages and as what these are converted to
     */
    public record Stored(long parameters, Map<DType, Long> types) {
        public Stored {
            types = Map.copyOf(types);
        }

        public static Stored of(Path directory) {
            try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                long parameters = 0;
                Map<DType, Long> types = new EnumMap<>(DType.class);
                for (StoredTensor tensor : checkpoint.tensors().values()) {
                    parameters += tensor.elements();
                    // Each tensor has its own type, whatever config.json says.
                    types.merge(tensor.dtype(), tensor.elements(), Long::sum);
                }
                return new Stored(parameters, types);
            }
        }

        /** Bytes of those that are converted. */
        long pages(Precision precision) {
            DType own = precision == Precision.FLOAT32 ? DType.F32 : DType.BF16;
            return types.entrySet().stream()
                    .filter(e -> e.getKey() != own)
                    .mapToLong(e -> e.getValue() * e.getKey().bytes())
                    .sum();
        }
    }

    /**
     * Estimates.
     *
     * @param longest tokens of the longest sample
     * @param precision in what the run computes
     */
    static long bytes(
            ModelConfig config,
            Stored stored,
            Hyperparameters hyperparameters,
            @Nullable LoraSettings lora,
            int longest,
            Precision precision) {
        long most = Math.min(hyperparameters.microBatchTokens(), (long) hyperparameters.batchSize() * longest);
        return parts(config, stored, lora, Math.max(longest, most), precision).total();
    }

    /** The same of a vector's training, with the throw-away copy where there is one: an adapter of the same shape that learns too. */
    static long bytes(ModelConfig config, Stored stored, VectorTraining training, int longest) {
        LoraSettings lora = training.lora();
        long alone = bytes(config, stored, training.hyperparameters(), lora, longest, training.precision());
        return training.minMin() == null ? alone : alone + lowRank(config, lora.rank()) * TRAINED;
    }

    /**
     * The same by part, for a micro-batch of so many tokens.
     *
     * @param lora absent where all weights are trained
     */
    public static Parts parts(
            ModelConfig config, Stored stored, @Nullable LoraSettings lora, long tokens, Precision precision) {
        int width = Models.of(precision).bytes();
        return new Parts(
                PROCESS,
                stored.parameters() * width,
                stored.pages(precision),
                (lora == null ? stored.parameters() : lowRank(config, lora.rank())) * TRAINED,
                ActivationMemory.peak(config, tokens, width));
    }

    /** Of a model that answers and learns nothing: its weights in float32, and the keys and values of a batch. */
    static long answering(Stored stored) {
        return PROCESS + stored.parameters() * Float.BYTES + stored.pages(Precision.FLOAT32) + ANSWERING;
    }

    /**
     * Bytes at the peak, by part.
     *
     * @param process the Java process and libtorch with nothing loaded
     * @param weights in the precision that is computed in
     * @param pages of the files, of weights that are stored in another type
     * @param trained values that learn, their gradients and the optimizer's moments
     * @param activations of a micro-batch
     */
    public record Parts(long process, long weights, long pages, long trained, ActivationMemory.Peak activations) {
        /** All together. */
        public long total() {
            return process + weights + pages + trained + activations.total();
        }
    }

    /** r · (in + out) of all linear layers. */
    private static long lowRank(ModelConfig config, int rank) {
        WeightOrder order = config.order();
        return order.modules().stream()
                .map(module -> order.shapeOf(module + ".weight", config.vocabularySize()))
                .mapToLong(shape -> rank * (shape.get(0) + shape.get(1)))
                .sum();
    }
}
