package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Tensor;
import java.util.List;

/**
 * What every pass through a model takes.
 *
 * @param weights in the order of {@link WeightOrder}
 * @param factors of the active adapters
 * @param batch tokens
 * @param tables cosines and sines {@code [P, width / 2]} of each kind of rotation in turn
 * @param chunk label rows whose logits exist at one time
 */
public record Pass(List<Tensor> weights, Factors factors, MicroBatch batch, List<Tensor> tables, long chunk) {}
