package dev.safefinetune.trainer.tensor;

import ai.djl.pytorch.jni.NativeDoor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/** A native tensor. It lives until the {@link Scope} it was made in closes. */
public final class Tensor {
    private final long handle;
    private final long[] shape;
    private boolean open = true;

    Tensor(long handle) {
        this.handle = handle;
        this.shape = NativeDoor.shape(handle);
    }

    /** The native handle. */
    long handle() {
        if (!open) {
            throw new IllegalStateException("the scope of this tensor is closed");
        }
        return handle;
    }

    /** The shape; empty for a scalar. */
    public long[] shape() {
        return shape.clone();
    }

    /** Size of one dimension. */
    public long size(int dimension) {
        return shape[dimension];
    }

    /** Number of elements. */
    public long elements() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** Bytes of one element. */
    public int width() {
        return NativeDoor.width(handle());
    }

    /** Whether it lies in this machine's memory. */
    public boolean isOnHost() {
        return NativeDoor.isOnHost(handle());
    }

    /** The bytes, little-endian, without a copy: valid while the tensor is. The tensor is contiguous, and on the host. */
    public ByteBuffer bytes() {
        return NativeDoor.memory(handle()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A copy of the elements of a float32 tensor. */
    public float[] floats() {
        float[] values = new float[Math.toIntExact(elements())];
        if (values.length > 0) {
            read(bytes -> bytes.asFloatBuffer().get(values));
        }
        return values;
    }

    /** A copy of the elements of an int64 tensor. */
    public long[] longs() {
        long[] values = new long[Math.toIntExact(elements())];
        if (values.length > 0) {
            read(bytes -> bytes.asLongBuffer().get(values));
        }
        return values;
    }

    private void read(Consumer<ByteBuffer> reader) {
        if (isOnHost()) {
            reader.accept(bytes());
            return;
        }
        long copy = NativeDoor.toHost(handle());
        try {
            reader.accept(NativeDoor.memory(copy).order(ByteOrder.LITTLE_ENDIAN));
        } finally {
            NativeDoor.free(copy);
        }
    }

    void free() {
        if (open) {
            open = false;
            NativeDoor.free(handle);
        }
    }

    @Override
    public String toString() {
        return "Tensor" + Arrays.toString(shape);
    }
}
