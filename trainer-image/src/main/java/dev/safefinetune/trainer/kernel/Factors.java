package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Tensor;
import java.util.List;

/**
 * Low-rank factors of all active adapters as the kernels take them, one pair a slot of {@link WeightOrder}.
 *
 * @param a per slot {@code [R, in]}, or empty
 * @param b per slot {@code [out, R]} with each adapter's scale multiplied in, or empty
 */
public record Factors(List<Tensor> a, List<Tensor> b) {}
