package dev.safefinetune.cluster.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** A process's wall clock that goes wrong, by libfaketime. */
final class Clock {
    private static final Path LIBRARIES = Path.of("/usr/lib");

    private Clock() {}

    /** The environment of a process whose clock is ahead, or behind. */
    static Map<String, String> ahead(Duration skew) throws IOException {
        if (skew.isZero()) {
            return Map.of();
        }
        return Map.of(
                "LD_PRELOAD",
                library().toString(),
                "FAKETIME",
                (skew.isNegative() ? "" : "+") + skew.toSeconds() + "s",
                // Time that is only measured goes on as it should: a wrong wall clock is the fault.
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // Without it every wait of the JVM returns at once.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    private static Path library() throws IOException {
        try (Stream<Path> files = Files.walk(LIBRARIES, 3)) {
            return files.filter(file -> file.endsWith("faketime/libfaketime.so.1"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "libfaketime is missing under " + LIBRARIES + ": install the package libfaketime"));
        }
    }
}
