package dev.safefinetune.trainer.kernel;

/**
 * In what the kernels compute: element type of weights, activations and products. Statistics of norms, softmax, losses,
 * adapters, gradients and the optimizer's state are float32 in either.
 */
public enum Precision {
    FLOAT32(6, Float.BYTES),
    BFLOAT16(15, Short.BYTES);

    private final int type;
    private final int bytes;

    Precision(int type, int bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /** libtorch's number of the element type. */
    int type() {
        return type;
    }

    /** Bytes of an element. */
    public int bytes() {
        return bytes;
    }
}
