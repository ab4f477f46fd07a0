package dev.safefinetune.trainer.store;

/** Limits that Linux holds a process to: setrlimit(2). */
public final class ProcessLimits {
    private static final int PROCESSOR_SECONDS = 0;
    private static final int WRITABLE_BYTES = 2;
    private static final int CORE_BYTES = 4;

    private ProcessLimits() {}

    /**
     * Bounds this process for good. Memory beyond it is refused, which native code often answers by ending the process; time
     * beyond it ends it.
     *
     * @param bytes of writable memory that is not shared, the Java heap included
     * @param seconds of processor time
     * @throws IllegalStateException where Linux refuses
     */
    public static void set(long bytes, long seconds) {
        limit(CORE_BYTES, 0, 0);
        limit(WRITABLE_BYTES, bytes, bytes);
        // At the first the signal says what it is about (SIGXCPU), at the second it is SIGKILL.
        limit(PROCESSOR_SECONDS, seconds, seconds + 1);
    }

    private static void limit(int resource, long soft, long hard) {
        int answer = Native.limit(resource, soft, hard);
        if (answer < 0) {
            throw new IllegalStateException("setrlimit of resource " + resource + " fails with error " + -answer);
        }
    }
}
