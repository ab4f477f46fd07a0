package dev.safefinetune.trainer.tensor;

import ai.djl.pytorch.engine.PtNDArray;

/**
 * A native tensor. It lives until the scope it was made in closes.
 *
 * @param array the library's handle; nobody outside the engine's packages touches it
 */
public record Tensor(PtNDArray array) {
    /** The shape; empty for a scalar. */
    public long[] shape() {
        return array.getShape().getShape();
    }

    /** Number of elements. */
    public long elements() {
        return array.size();
    }
}
