package dev.safefinetune.trainer.kernel;

/**
 * What the arithmetic of a Llama-family decoder depends on.
 *
 * @param layers number of decoder layers
 * @param heads number of query heads
 * @param keyValueHeads number of key and value heads; divides {@code heads}
 * @param headDim width of a head, even
 * @param normEpsilon ε of the root-mean-square norms
 * @param attentionBias whether the attention's projections have biases
 * @param mlpBias whether the feed-forward's projections have biases
 * @param tiedHead whether the head is the embedding
 */
public record Architecture(
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        double normEpsilon,
        boolean attentionBias,
        boolean mlpBias,
        boolean tiedHead) {}
