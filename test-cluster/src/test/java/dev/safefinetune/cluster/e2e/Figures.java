package dev.safefinetune.cluster.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

/** What the suite measured: printed, and kept in {@code build/cluster-test/figures}. */
final class Figures {
    private static final Path FILE = Path.of("../build/cluster-test/figures");

    private Figures() {}

    static void print(String what, Duration duration) {
        print(what, String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0));
    }

    static void print(String what, String figure) {
        String line = "figure: " + what + ": " + figure;
        System.out.println(line);
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
