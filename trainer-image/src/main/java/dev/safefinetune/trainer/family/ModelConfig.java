package dev.safefinetune.trainer.family;

import dev.safefinetune.trainer.kernel.Architecture;
import dev.safefinetune.trainer.kernel.WeightOrder;
import dev.safefinetune.trainer.store.DType;
import java.nio.file.Path;
import java.util.List;

/**
 * A model as its {@code config.json} states it.
 *
 * @param vocabularySize V
 * @param maxPositions longest context in tokens
 * @param architecture what the kernels depend on
 * @param ropes rotary position embedding, of each kind that the architecture's layers turn by
 * @param initializerRange standard deviation of new weights
 * @param dtype element type of the checkpoint, in which merged weights are written
 */
public record ModelConfig(
        int vocabularySize,
        int maxPositions,
        Architecture architecture,
        List<Rope> ropes,
        double initializerRange,
        DType dtype) {

    public ModelConfig {
        ropes = List.copyOf(ropes);
    }

    /**
     * Reads {@code config.json}, of transformers 4 or 5.
     *
     * @throws dev.safefinetune.trainer.store.TrainerException {@code MODEL_INVALID} naming the field, for an architecture
     *     or variant that is not supported, and for configurations that ask for remote code
     */
    public static ModelConfig read(Path directory) {
        return ConfigReader.read(directory);
    }

    /** A small configuration for a new model: every head has its own keys and values, no biases, untied, float32. */
    public static ModelConfig untied(
            int vocabularySize, int hiddenSize, int intermediateSize, int layers, int heads, int maxPositions) {
        Architecture.Sizes sizes =
                new Architecture.Sizes(layers, hiddenSize, intermediateSize, heads, heads, hiddenSize / heads);
        return new ModelConfig(
                vocabularySize,
                maxPositions,
                Architecture.llama(sizes, 1e-5, false, false, false),
                List.of(new Rope(10_000, Rope.Scaling.NONE)),
                0.02,
                DType.F32);
    }

    /** The configuration as {@code config.json}, with the key names of transformers 4; of Llama's architecture alone. */
    public String toJson() {
        return ConfigWriter.write(this);
    }

    /** The order in which the kernels take its weights. */
    public WeightOrder order() {
        return new WeightOrder(architecture);
    }

    /** C, width of the residual stream. */
    public int hiddenSize() {
        return architecture.sizes().width();
    }

    /** F, width of the feed-forward layer. */
    public int intermediateSize() {
        return architecture.sizes().feedWidth();
    }

    /** Number of decoder layers. */
    public int layers() {
        return architecture.sizes().layers();
    }

    /** Number of query heads. */
    public int heads() {
        return architecture.sizes().heads();
    }

    /** Number of key and value heads. */
    public int keyValueHeads() {
        return architecture.sizes().keyValueHeads();
    }

    /** Width of a head. */
    public int headDim() {
        return architecture.sizes().headDim();
    }

    /** Whether the head is the embedding. */
    public boolean tiedHead() {
        return architecture.tiedHead();
    }
}
