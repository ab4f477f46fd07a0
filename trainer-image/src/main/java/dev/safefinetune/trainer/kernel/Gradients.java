package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Tensor;
import java.util.List;

/**
 * Where a backward pass adds its gradients. A tensor without elements stands for what does not learn: nothing is computed for
 * it.
 *
 * @param weights in the order of {@link WeightOrder}
 * @param a per slot of A, of the adapter that comes first in the stack
 * @param b per slot of B
 * @param scale of that adapter's product
 */
public record Gradients(List<Tensor> weights, List<Tensor> a, List<Tensor> b, double scale) {}
