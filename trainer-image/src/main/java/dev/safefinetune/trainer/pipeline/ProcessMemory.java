package dev.safefinetune.trainer.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system says of this process. */
final class ProcessMemory {
    private ProcessMemory() {}

    /** Largest resident set so far, in bytes; 0 where the system does not tell. */
    static long peakBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Time on the processors so far, over all threads; 0 where the system does not tell. */
    static double processorSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(used -> used.toMillis() / 1000.0)
                .orElse(0.0);
    }
}
