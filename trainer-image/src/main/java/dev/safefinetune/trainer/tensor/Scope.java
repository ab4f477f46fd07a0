package dev.safefinetune.trainer.tensor;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.NativeDoor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Owns native tensors and the memory under those made from arrays; frees all of them when closed. Used by one thread at
 * a time.
 */
public final class Scope implements AutoCloseable {
    private static final AtomicLong LIVE = new AtomicLong();

    private final List<Tensor> tensors = new ArrayList<>();
    private final Device device;
    private @Nullable Arena arena;

    /** Of tensors on the processors. */
    public Scope() {
        this(Device.CPU);
    }

    /**
     * Of tensors on a device.
     *
     * @param device where tensors go that are made from arrays
     */
    public Scope(Device device) {
        NativeLibrary.prepareThread();
        this.device = device;
    }

    /** Tensors of all scopes that are not freed yet, for tests that hunt leaks. */
    public static long liveTensors() {
        return LIVE.get();
    }

    Tensor adopt(long handle) {
        Tensor tensor = new Tensor(handle);
        tensors.add(tensor);
        LIVE.incrementAndGet();
        return tensor;
    }

    /** A float32 tensor with a copy of the values. */
    public Tensor of(float[] values, long... shape) {
        return made(
                values.length * (long) Float.BYTES,
                DataType.FLOAT32,
                memory -> MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length),
                shape);
    }

    /** An int64 tensor with a copy of the values. */
    public Tensor of(long[] values, long... shape) {
        return made(
                values.length * (long) Long.BYTES,
                DataType.INT64,
                memory -> MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_LONG, 0, values.length),
                shape);
    }

    /** An int32 tensor with a copy of the values. */
    public Tensor of(int[] values, long... shape) {
        return made(
                values.length * (long) Integer.BYTES,
                DataType.INT32,
                memory -> MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_INT, 0, values.length),
                shape);
    }

    /**
     * A float32 tensor that the caller fills.
     *
     * @param fill writes all elements, little-endian
     */
    public Tensor filled(Consumer<MemorySegment> fill, long... shape) {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return made(elements * Float.BYTES, DataType.FLOAT32, fill, shape);
    }

    /** On the processors over memory of this scope; on a GPU a copy, and the memory under it is freed at once. */
    private Tensor made(long bytes, DataType type, Consumer<MemorySegment> fill, long... shape) {
        if (!device.isCuda()) {
            return adopt(over(memory(), bytes, type, fill, shape));
        }
        try (Arena passing = Arena.ofConfined()) {
            long host = over(passing, bytes, type, fill, shape);
            try {
                return adopt(NativeDoor.to(host, device.forBridge()));
            } finally {
                NativeDoor.free(host);
            }
        }
    }

    private static long over(Arena arena, long bytes, DataType type, Consumer<MemorySegment> fill, long... shape) {
        MemorySegment memory = arena.allocate(Math.max(Long.BYTES, bytes), 64);
        fill.accept(memory);
        // A buffer ends at 2 GiB, and of this one the address alone is used.
        MemorySegment first = memory.asSlice(0, Math.min(memory.byteSize(), Integer.MAX_VALUE));
        return NativeDoor.over(first.asByteBuffer(), shape, type.ordinal());
    }

    @SuppressWarnings("MustBeClosedChecker") // closed with this scope
    private Arena memory() {
        Arena made = arena;
        if (made == null) {
            made = Arena.ofShared();
            arena = made;
        }
        return made;
    }

    /** Number of tensors that this scope owns. */
    public int size() {
        return tensors.size();
    }

    @Override
    public void close() {
        LIVE.addAndGet(-tensors.size());
        tensors.forEach(Tensor::free);
        tensors.clear();
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }
}
