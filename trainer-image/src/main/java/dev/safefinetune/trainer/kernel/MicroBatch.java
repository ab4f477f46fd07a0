package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Tensor;
import java.util.List;

/**
 * The tokens of B documents one after the other, without padding. A tensor without elements stands for one that is not
 * needed.
 *
 * @param tokens {@code [N]}
 * @param positions {@code [N]}, each within its document
 * @param turns {@code [N]}, rows of the rotary tables
 * @param pad {@code [B · T]}, the token of each padded slot; empty where nothing is padded
 * @param slots {@code [N]}, the padded slot of each token; empty likewise
 * @param rows {@code [M]}, tokens whose successor is a label
 * @param targets {@code [M]}, the labels
 * @param mask {@code [1, 1, T, T]}, added to the scores; empty for causal attention
 * @param starts {@code [B + 1]}, int32: the first token of each document, and N
 * @param documents B
 * @param longest T
 */
public record MicroBatch(
        Tensor tokens,
        Tensor positions,
        Tensor turns,
        Tensor pad,
        Tensor slots,
        Tensor rows,
        Tensor targets,
        Tensor mask,
        Tensor starts,
        int documents,
        int longest) {

    /** In the order of the kernels' {@code Batch}. */
    public List<Tensor> tensors() {
        return List.of(tokens, positions, turns, pad, slots, rows, targets, mask, starts);
    }
}
