package dev.safefinetune.trainer.tensor;

import ai.djl.pytorch.jni.NativeDoor;

/** The native library: loaded once, each thread prepared once. */
public final class NativeLibrary {
    /** Threads of one operation; libtorch's own choice where it is not set. */
    static final String THREADS = "safefinetune.threads";

    static {
        NativeDoor.open();
        Integer threads = Integer.getInteger(THREADS);
        if (threads != null) {
            NativeDoor.setThreads(threads);
        }
    }

    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> {
        NativeDoor.prepareThread();
        return true;
    });

    private NativeLibrary() {}

    /** Version of libtorch. */
    public static String version() {
        return NativeDoor.version();
    }

    /** Gradient mode and the executor's mode belong to a thread: each thread that calls in comes through here first. */
    static void prepareThread() {
        PREPARED.get();
    }
}
