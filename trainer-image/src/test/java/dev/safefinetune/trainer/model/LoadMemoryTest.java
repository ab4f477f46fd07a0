package dev.safefinetune.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The law of {@code scripts/check-load-memory} with a quarter of a gigabyte, in a process that does nothing else. */
class LoadMemoryTest {
    @Test
    void aCheckpointInBFloat16LiesInMemoryOnce(@TempDir Path directory) throws IOException, InterruptedException {
        LoadMemory.write(directory, 256L << 20);
        assertThat(Files.size(directory.resolve("model.safetensors"))).isGreaterThan(200L << 20);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadMemory.class.getName(),
                        "measure",
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("resident after a pass over all weights");
    }
}
