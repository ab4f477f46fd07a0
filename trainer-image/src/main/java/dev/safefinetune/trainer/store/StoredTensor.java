package dev.safefinetune.trainer.store;

import dev.safefinetune.contract.Fault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort B16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public StoredTensor {
        shape = List.copyOf(shape);
    }

    /**
     * An element as a float32, of the types that weights have: {@link DType#F32}, {@link DType#F16}, {@link DType#BF16}.
     *
     * @param index of the element in row-major order
     * @throws TrainerException {@link Fault#MODEL_INVALID} for another type
     */
    public float value(long index) {
        return switch (dtype) {
            case F32 -> data.get(F32, index * Float.BYTES);
            case F16 -> Float.float16ToFloat(data.get(B16, index * Short.BYTES));
            case BF16 -> Float.intBitsToFloat(data.get(B16, index * Short.BYTES) << 16);
            default ->
                throw new TrainerException(Fault.MODEL_INVALID, "tensor " + name + " of " + dtype + " is no weight");
        };
    }

    /** All elements as {@link #value} gives them. */
    public float[] values() {
        float[] values = new float[Math.toIntExact(elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(i);
        }
        return values;
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
