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
    private @Nullable Arena arena;

    public Scope() {
        NativeLibrary.prepareThread();
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
        MemorySegment memory = memory().allocate(Math.max(1, values.length) * (long) Float.BYTES, 64);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
        return over(memory, DataType.FLOAT32, shape);
    }

    /** An int64 tensor with a copy of the values. */
    public Tensor of(long[] values, long... shape) {
        MemorySegment memory = memory().allocate(Math.max(1, values.length) * (long) Long.BYTES, 64);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_LONG, 0, values.length);
        return over(memory, DataType.INT64, shape);
    }

    /**
     * A float32 tensor over new memory that the caller fills.
     *
     * @param fill writes all elements, little-endian
     */
    public Tensor filled(Consumer<MemorySegment> fill, long... shape) {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        MemorySegment memory = memory().allocate(Math.max(1, elements) * Float.BYTES, 64);
        fill.accept(memory);
        return over(memory, DataType.FLOAT32, shape);
    }

    private Tensor over(MemorySegment memory, DataType type, long... shape) {
        return adopt(NativeDoor.over(memory.asByteBuffer(), shape, type.ordinal()));
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
