package dev.safefinetune.trainer.vector;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;
import java.util.SortedMap;

/** Measures how far a vector already explains harmful samples that it never saw, and what it does to benign ones. */
public final class VectorAssessment {
    private VectorAssessment() {}

    /**
     * Measures.
     *
     * @param vector not attached
     * @param heldOut harmful samples by category
     * @param benign samples that the vector was not trained on
     * @param floor {@link VectorTrainer.Trained#floor}
     * @param microBatchTokens most tokens in one pass
     * @param seed of the random vector and of the fresh adapter whose gradient is measured
     */
    public static VectorFigures measure(
            CausalModel model,
            Adapter vector,
            SortedMap<String, List<EncodedSample>> heldOut,
            List<EncodedSample> benign,
            double floor,
            int microBatchTokens,
            long seed) {
        throw new IllegalStateException(model.toString() + vector + heldOut + benign + floor + microBatchTokens + seed);
    }
}
