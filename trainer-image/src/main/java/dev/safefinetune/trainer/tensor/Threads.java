package dev.safefinetune.trainer.tensor;

import ai.djl.pytorch.jni.NativeDoor;

/** How many threads one operation of the native library uses. */
public final class Threads {
    /** Below this width an operation is over before a second thread has woken up. */
    private static final int WIDE = 256;

    private static volatile int number = Integer.getInteger(NativeLibrary.THREADS, 1);

    private Threads() {}

    /** The number last fitted. */
    public static int number() {
        return number;
    }

    /**
     * Fits the number to a model's width: one for a narrow model, which two threads made up to forty times slower on a busy
     * machine, otherwise one a processor. A number set by {@code -Dsafefinetune.threads} stays.
     *
     * @param replicas of the model, which compute at one time and share the processors
     */
    public static void fit(int width, int replicas) {
        NativeLibrary.prepareThread();
        if (Integer.getInteger(NativeLibrary.THREADS) == null) {
            int processors = Runtime.getRuntime().availableProcessors();
            number = width < WIDE ? 1 : Math.max(1, processors / replicas);
            NativeDoor.setThreads(number);
        }
    }

    /** Gives the thread that calls this the number last fitted: the library keeps one for each thread. */
    public static void adopt() {
        NativeLibrary.prepareThread();
        NativeDoor.setThreads(number);
    }
}
