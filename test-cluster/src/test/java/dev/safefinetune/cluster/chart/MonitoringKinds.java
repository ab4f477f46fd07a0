package dev.safefinetune.cluster.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Prometheus operator's own resource definitions, as its Go module brings them. */
final class MonitoringKinds {
    private MonitoringKinds() {}

    static Path file(String plural) {
        try {
            Process process = new ProcessBuilder("./monitoring-kinds").start();
            String directory = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            Path file = Path.of(directory, "monitoring.coreos.com_" + plural + ".yaml");
            if (!Files.isRegularFile(file)) {
                throw new IllegalStateException(file + " is missing: run test-cluster/monitoring-kinds");
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
