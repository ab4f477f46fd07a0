package dev.safefinetune.trainer.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * A tensor in a mapped file, row-major and little-endian. It lives as long as the {@link SafetensorsFile} or
 * {@link Checkpoint} it came from; nothing is copied to the heap.
 *
 * @param name as in the file
 * @param dtype element type
 * @param shape dimensions, empty for a scalar
 * @param data the bytes; read-only pages
 * @param file the file it lies in
 * @param offset of the first byte from the start of the file
 */
public record StoredTensor(String name, DType dtype, List<Long> shape, MemorySegment data, Path file, long offset) {
    public StoredTensor {
        shape = List.copyOf(shape);
    }

    /** Number of elements; 1 for a scalar. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** The shape as an array. */
    public long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * The bytes as a direct little-endian buffer.
     *
     * @throws UnsupportedOperationException above 2 GiB; slice {@link #data()} then
     */
    public ByteBuffer buffer() {
        return data.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
