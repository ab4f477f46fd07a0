package dev.safefinetune.trainer.store;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor to be written.
 *
 * @param name as it shall stand in the file
 * @param dtype element type
 * @param shape dimensions, empty for a scalar
 * @param content the bytes, row-major and little-endian; asked for once, when it is this tensor's turn, so that a model
 *     never lies in memory twice
 */
public record OutgoingTensor(String name, DType dtype, List<Long> shape, Supplier<MemorySegment> content) {
    public OutgoingTensor {
        shape = List.copyOf(shape);
    }

    /** A tensor written as it was read. */
    public static OutgoingTensor of(StoredTensor tensor) {
        return new OutgoingTensor(tensor.name(), tensor.dtype(), tensor.shape(), tensor::data);
    }

    /** Length of its content in bytes. */
    public long bytes() {
        long bytes = dtype.bytes();
        for (long dimension : shape) {
            bytes = Math.multiplyExact(bytes, dimension);
        }
        return bytes;
    }
}
