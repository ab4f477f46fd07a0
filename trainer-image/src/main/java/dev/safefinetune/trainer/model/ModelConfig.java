package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.kernel.Architecture;
import dev.safefinetune.trainer.store.DType;
import java.nio.file.Path;
import java.util.List;

/**
 * The architecture of a model of the Llama family, as its {@code config.json} states it.
 *
 * @param vocabularySize V
 * @param hiddenSize C, width of the residual stream
 * @param intermediateSize F, width of the feed-forward layer
 * @param layers number of decoder layers
 * @param heads number of query heads
 * @param keyValueHeads number of key and value heads; divides {@code heads}
 * @param headDim width of a head; need not be C / heads
 * @param maxPositions longest context in tokens
 * @param normEpsilon ε of the root-mean-square norms
 * @param attentionBias whether the attention's projections have biases
 * @param mlpBias whether the feed-forward's projections have biases
 * @param tiedHead whether the head is the embedding
 * @param rope rotary position embedding
 * @param initializerRange standard deviation of new weights
 * @param dtype element type of the checkpoint, in which merged weights are written
 */
public record ModelConfig(
        int vocabularySize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        int maxPositions,
        double normEpsilon,
        boolean attentionBias,
        boolean mlpBias,
        boolean tiedHead,
        Rope rope,
        double initializerRange,
        DType dtype) {

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
        return new ModelConfig(
                vocabularySize,
                hiddenSize,
                intermediateSize,
                layers,
                heads,
                heads,
                hiddenSize / heads,
                maxPositions,
                1e-5,
                false,
                false,
                false,
                new Rope(10_000, Rope.Scaling.NONE),
                0.02,
                DType.F32);
    }

    /** The configuration as {@code config.json}, with the key names of transformers 4. */
    public String toJson() {
        return ConfigWriter.write(this);
    }

    /** What the kernels depend on. */
    Architecture architecture() {
        return new Architecture(layers, heads, keyValueHeads, headDim, normEpsilon, attentionBias, mlpBias, tiedHead);
    }

    /** Shape of a weight by its name in the checkpoint. */
    List<Long> shapeOf(String name) {
        String part = name.substring(0, name.lastIndexOf('.'));
        long out = outputs(part.substring(part.lastIndexOf('.') + 1));
        if (name.endsWith(".bias") || part.endsWith("norm")) {
            return List.of(out);
        }
        return List.of(out, inputs(part.substring(part.lastIndexOf('.') + 1)));
    }

    private long outputs(String layer) {
        return switch (layer) {
            case "q_proj" -> (long) heads * headDim;
            case "k_proj", "v_proj" -> (long) keyValueHeads * headDim;
            case "gate_proj", "up_proj" -> intermediateSize;
            case "embed_tokens", "lm_head" -> vocabularySize;
            default -> hiddenSize;
        };
    }

    private long inputs(String layer) {
        return switch (layer) {
            case "o_proj" -> (long) heads * headDim;
            case "down_proj" -> intermediateSize;
            default -> hiddenSize;
        };
    }
}
