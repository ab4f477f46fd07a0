package dev.safefinetune.trainer.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Whether a checkpoint's weights are numbers: one that is not a number makes everything that the model says one.
 *
 * <p>A value is infinite or not a number when all bits of its exponent are set. Added to the lowest of them, a one is then
 * carried into the sign's place, and otherwise not; so one addition judges all values of eight bytes, as fast as they are
 * read.
 */
public final class FiniteWeights {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Bytes of one round; counted in 32 bits, which the compiler makes fast. */
    private static final int ROUND = 1 << 24;

    /**
     * The bits of an element type, repeated over eight bytes.
     *
     * @param exponent all bits of the exponents
     * @param lowest the lowest bit of each exponent
     * @param sign the sign bits
     */
    private record Bits(long exponent, long lowest, long sign) {
        static final Bits F32 = new Bits(0x7f800000_7f800000L, 0x00800000_00800000L, 0x80000000_80000000L);
        static final Bits F16 = new Bits(0x7c00_7c00_7c00_7c00L, 0x0400_0400_0400_0400L, 0x8000_8000_8000_8000L);
        static final Bits BF16 = new Bits(0x7f80_7f80_7f80_7f80L, 0x0080_0080_0080_0080L, 0x8000_8000_8000_8000L);
    }

    private FiniteWeights() {}

    /**
     * Reads all weights of a model.
     *
     * @throws TrainerException {@code MODEL_INVALID} naming the first tensor that holds something else
     */
    public static void require(Path directory) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            checkpoint.tensors().values().parallelStream()
                    .filter(tensor -> !isFinite(tensor))
                    .findFirst()
                    .ifPresent(tensor -> {
                        throw SafetensorsHeader.invalid(
                                tensor.file(),
                                "tensor " + tensor.name() + " holds NaN or infinity; a model's weights are numbers");
                    });
        }
    }

    /** Whether all values are numbers; element types that no model is of are not looked at. */
    public static boolean isFinite(StoredTensor tensor) {
        return isFinite(tensor.dtype(), tensor.data());
    }

    /** The same of values that lie in no file. */
    public static boolean isFinite(DType type, MemorySegment data) {
        return switch (type) {
            case F32 -> isFinite(data, Bits.F32);
            case F16 -> isFinite(data, Bits.F16);
            case BF16 -> isFinite(data, Bits.BF16);
            default -> true;
        };
    }

    private static boolean isFinite(MemorySegment data, Bits bits) {
        long whole = data.byteSize() / Long.BYTES * Long.BYTES;
        for (long start = 0; start < whole; start += ROUND) {
            int length = (int) Math.min(ROUND, whole - start);
            if ((carried(data.asSlice(start, length), length, bits.exponent(), bits.lowest()) & bits.sign()) != 0) {
                return false;
            }
        }
        long rest = 0;
        for (long i = whole; i < data.byteSize(); i++) {
            rest |= (data.get(ValueLayout.JAVA_BYTE, i) & 0xffL) << ((i - whole) * Byte.SIZE);
        }
        return (((rest & bits.exponent()) + bits.lowest()) & bits.sign()) == 0;
    }

    private static long carried(MemorySegment data, int length, long exponent, long lowest) {
        long carried = 0;
        for (int i = 0; i < length; i += Long.BYTES) {
            carried |= (data.get(LONG, i) & exponent) + lowest;
        }
        return carried;
    }
}
