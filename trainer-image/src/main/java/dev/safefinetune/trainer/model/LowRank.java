package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.tensor.Tensor;
import java.util.Optional;

/**
 * Something that adds low-rank updates to a model's linear layers while it is attached: y = x·Wᵀ + s·(x·Aᵀ)·Bᵀ.
 *
 * <p>Implemented by the adapters; the model only reads the factors, afresh in each call.
 */
public interface LowRank {
    /**
     * The factors of one linear layer.
     *
     * @param module path of the layer as in the checkpoint, such as {@code model.layers.0.self_attn.q_proj}
     * @return empty where this does not touch the layer
     */
    Optional<Factors> factors(String module);

    /**
     * @param a {@code [rank, in]}
     * @param b {@code [out, rank]}
     * @param scale s, what the product is multiplied with
     */
    record Factors(Tensor a, Tensor b, double scale) {}
}
