package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.world.quickstart.WriteQuickstart;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trainer's own process and real signals. */
class TerminationTest {
    @TempDir
    Path dir;

    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void world() throws IOException {
        WriteQuickstart.write(0, dir.resolve("data"), false);
    }

    /** Pre-training for some seconds, saved every second; it says so at the first step of every process. */
    private Process train(String... shell) throws IOException {
        List<String> command = new ArrayList<>(List.of(shell));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                TrainerCommand.class.getName(),
                "pretrain",
                "--model",
                "data/model",
                "--dataset",
                "data/user/mixed.jsonl",
                "--epochs",
                "6",
                "--batch-size",
                "32",
                "--max-sequence-length",
                "64",
                "--checkpoint",
                "checkpoints",
                "--checkpoint-every",
                "1s",
                "--out",
                "out"));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true);
        builder.environment().put("OMP_WAIT_POLICY", "passive");
        return builder.start();
    }

    /** Waits for a line; what was said is in the log. */
    private void await(BufferedReader out, String event) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            log.add(line);
            if (line.contains(event)) {
                return;
            }
        }
        throw new AssertionError("never said " + event + ": " + log);
    }

    private int end(Process process, BufferedReader out) throws IOException, InterruptedException {
        out.lines().forEach(log::add);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    @Test
    void aTrainingThatIsAskedToEndAndOneThatIsKilledGoOn() throws Exception {
        try (BufferedReader out = train().inputReader()) {
            await(out, "written out=");
        }
        var unbroken = ModelDirectory.digest(dir.resolve("out"));
        Files.move(dir.resolve("out"), dir.resolve("unbroken"));

        Process asked = train();
        try (BufferedReader out = asked.inputReader()) {
            await(out, "progress");
            asked.toHandle().destroy();
            assertThat(end(asked, out)).as(log.toString()).isEqualTo(143);
        }
        assertThat(log.getLast()).startsWith("trainer: asked to end; a checkpoint is written");
        assertThat(dir.resolve("out")).doesNotExist();

        Process killed = train();
        try (BufferedReader out = killed.inputReader()) {
            await(out, "training resumed");
            await(out, "progress");
            killed.toHandle().destroyForcibly();
            assertThat(end(killed, out)).isEqualTo(137);
        }

        Process last = train();
        try (BufferedReader out = last.inputReader()) {
            await(out, "training resumed");
            assertThat(end(last, out)).as(log.toString()).isZero();
        }
        assertThat(ModelDirectory.digest(dir.resolve("out"))).isEqualTo(unbroken);
        assertThat(dir.resolve("checkpoints")).doesNotExist();
        assertThat(Digests.files(dir).stream().filter(f -> f.contains(".work-")))
                .isEmpty();
    }

    /** Files may be no larger than 64 KiB, which a checkpoint is, as if the disk were full. */
    @Test
    void onAFullDiskTheEndIsAsOrderly() throws Exception {
        Process asked = train("bash", "-c", "ulimit -f 64; exec \"$@\"", "limited");
        try (BufferedReader out = asked.inputReader()) {
            await(out, "progress");
            asked.toHandle().destroy();
            assertThat(end(asked, out)).as(log.toString()).isEqualTo(143);
        }
        assertThat(log.getLast()).startsWith("trainer: asked to end, and no checkpoint could be written");
        assertThat(log).anyMatch(line -> line.contains("checkpoint not written; training goes on"));
        assertThat(Digests.files(dir.resolve("checkpoints")))
                .as("nothing half-written")
                .isEmpty();
    }
}
