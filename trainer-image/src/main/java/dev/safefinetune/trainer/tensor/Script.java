package dev.safefinetune.trainer.tensor;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.NativeDoor;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A loaded TorchScript module without weights: each method takes lists of tensors and numbers, and gives tensors. */
public final class Script implements AutoCloseable {
    private final long handle;

    private Script(long handle) {
        this.handle = handle;
    }

    /**
     * Compiles source.
     *
     * @param source of a class {@code M(Module)} as TorchScript serialises it
     */
    public static Script compile(String source) {
        NativeLibrary.prepareThread();
        return new Script(NativeDoor.loadScript(ScriptArchive.of(source)));
    }

    /** The source as the archive that {@link #compile} loads. */
    public static byte[] archive(String source) {
        return ScriptArchive.of(source);
    }

    /**
     * Calls a method.
     *
     * @param scope owns the result
     * @param arguments lists of tensors, {@code Long}, {@code Double}, {@code Boolean} or {@code String}
     */
    public List<Tensor> call(Scope scope, String method, Object... arguments) {
        NativeLibrary.prepareThread();
        List<Object> values = new ArrayList<>(arguments.length);
        for (Object argument : arguments) {
            values.add(argument instanceof List<?> tensors ? handles(tensors) : argument);
        }
        return Arrays.stream(call(method, values)).mapToObj(scope::adopt).toList();
    }

    /** libtorch says in words when the allocator has nothing left. */
    private long[] call(String method, List<Object> values) {
        try {
            return NativeDoor.call(handle, method, values);
        } catch (EngineException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("can't allocate memory") || message.contains("out of memory")) {
                throw new TrainerException(
                        Fault.OUT_OF_MEMORY,
                        "there is not enough memory for " + method + "; fewer microBatchTokens need less",
                        e);
            }
            throw e;
        }
    }

    private static long[] handles(List<?> tensors) {
        return tensors.stream().mapToLong(t -> ((Tensor) t).handle()).toArray();
    }

    @Override
    public void close() {
        NativeDoor.freeScript(handle);
    }
}
