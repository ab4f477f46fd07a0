package dev.safefinetune.local.runner;

import java.nio.file.Path;

/** Memory of this process itself. */
public final class OwnMemory {
    private OwnMemory() {}

    /** Largest resident set so far, in bytes; 0 where {@code /proc} does not tell. */
    public static long peakBytes() {
        return ChildProcess.peakOf(Path.of("/proc/self/status"));
    }
}
