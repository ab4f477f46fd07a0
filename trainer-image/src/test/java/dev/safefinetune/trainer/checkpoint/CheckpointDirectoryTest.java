package dev.safefinetune.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.SafetensorsFile;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointDirectoryTest {
    @TempDir
    Path dir;

    private final List<String> skipped = new ArrayList<>();

    private CheckpointDirectory open(Path directory, RunKey run) {
        return new CheckpointDirectory(directory, "arm", 2, run, (name, why) -> skipped.add(name + ": " + why));
    }

    private int newest(CheckpointDirectory checkpoints) {
        return checkpoints
                .newest(Written.State.class)
                .map(found -> {
                    try (SafetensorsFile file = found.open()) {
                        float value = Objects.requireNonNull(file.tensors().get("parameters"))
                                .buffer()
                                .asFloatBuffer()
                                .get(0);
                        assertThat(value).isEqualTo(found.step());
                    }
                    assertThat(found.state().loss()).isEqualTo(1.0 / found.step());
                    assertThat(found.writtenAt()).isEqualTo(Written.THEN.plusSeconds(found.step()));
                    return found.step();
                })
                .orElse(0);
    }

    private Path step(int step) throws IOException {
        try (Stream<Path> walk = Files.walk(dir)) {
            return walk.filter(p -> p.endsWith("step-%08d".formatted(step)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void theNewestAreKeptAndFound() throws IOException {
        CheckpointDirectory checkpoints = open(dir, Written.RUN);
        assertThat(newest(checkpoints)).isZero();
        for (int step = 1; step <= 4; step++) {
            assertThat(Written.write(checkpoints, step, 100)).isGreaterThan(400);
        }
        assertThat(newest(open(dir, Written.RUN))).isEqualTo(4);
        assertThat(names()).containsExactly("step-00000003", "step-00000004");
        assertThat(Written.write(checkpoints, 4, 100))
                .as("there is one already")
                .isZero();
        checkpoints.keep("screening", Written.THEN, new Written.State(1, 2, "n"));
        assertThat(open(dir, Written.RUN).kept("screening", Written.State.class))
                .contains(new Written.State(1, 2, "n"));
        checkpoints.deleteSteps();
        assertThat(names()).containsExactly("screening");
        checkpoints.delete();
        assertThat(dir).isEmptyDirectory();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> arm = Files.list(dir);
                Stream<Path> list = Files.list(arm.findFirst().orElseThrow())) {
            return list.map(p -> String.valueOf(p.getFileName())).sorted().toList();
        }
    }

    @Test
    void aTruncatedOrChangedFileIsPassedOverAtAnyByte() throws IOException {
        CheckpointDirectory checkpoints = open(dir, Written.RUN);
        Written.write(checkpoints, 1, 64);
        Written.write(checkpoints, 2, 64);
        Path newest = step(2);
        Random random = new Random(1);
        for (String name : Digests.files(newest)) {
            Path file = newest.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int cut = 0; cut < whole.length; cut += 1 + whole.length / 40) {
                Files.write(file, Arrays.copyOf(whole, cut));
                assertThat(newest(open(dir, Written.RUN)))
                        .as(name + " cut at " + cut)
                        .isEqualTo(1);
                byte[] flipped = whole.clone();
                flipped[cut] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, flipped);
                assertThat(newest(open(dir, Written.RUN)))
                        .as(name + " changed at " + cut)
                        .isEqualTo(1);
            }
            Files.delete(file);
            assertThat(newest(open(dir, Written.RUN))).as(name + " deleted").isEqualTo(1);
            Files.write(file, whole);
        }
        assertThat(newest(open(dir, Written.RUN))).isEqualTo(2);
        assertThat(skipped).allSatisfy(s -> assertThat(s).startsWith("step-00000002: "));
    }

    @Test
    void oneThatWasPassedOverMakesRoomForItsSuccessor() throws IOException {
        CheckpointDirectory checkpoints = open(dir, Written.RUN);
        Written.write(checkpoints, 1, 64);
        Written.write(checkpoints, 2, 64);
        Files.delete(step(2).resolve(AtomicDirectory.MANIFEST));
        CheckpointDirectory again = open(dir, Written.RUN);
        assertThat(newest(again)).isEqualTo(1);
        Written.write(again, 2, 64);
        assertThat(newest(open(dir, Written.RUN))).isEqualTo(2);
        assertThat(skipped).hasSize(1);
    }

    /** Whoever can write to the volume can make a manifest that fits. */
    @ParameterizedTest
    @CsvSource({
        "head.json, '\"format\":1', '\"format\":2', its format is 2",
        "head.json, uid/bot-1, uid/bot-2, 'it is another run''s: run is uid/bot-2, this run''s is uid/bot-1'",
        "head.json, sha256:a, sha256:b, 'input model is sha256:b'",
        "head.json, step-00000002, step-00000009, it was written as step-00000009",
        "head.json, '\"format\"', '\"formats\"', CheckpointHead",
        "state.json, '\"loss\"', '\"lost\"', State",
        "state.json, '\"step\":2', '\"step\":2,\"step\":2', State",
        "tensors.safetensors, F32, X32, dtype"
    })
    void oneThatIsForeignOrNotToBeReadIsPassedOver(String file, String from, String to, String why) throws IOException {
        CheckpointDirectory checkpoints = open(dir, Written.RUN);
        Written.write(checkpoints, 1, 64);
        Written.write(checkpoints, 2, 64);
        Path forged = step(2).resolve(file);
        String before = Files.readString(forged, StandardCharsets.ISO_8859_1);
        assertThat(before).contains(from);
        Files.writeString(
                forged, before.replaceFirst(java.util.regex.Pattern.quote(from), to), StandardCharsets.ISO_8859_1);
        seal(step(2));
        assertThat(newest(open(dir, Written.RUN))).isEqualTo(1);
        assertThat(skipped).singleElement().asString().contains(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimizer.pt", "training_state.pkl"})
    void aPickleIsNotOpened(String name) throws IOException {
        CheckpointDirectory checkpoints = open(dir, Written.RUN);
        Written.write(checkpoints, 1, 64);
        Written.write(checkpoints, 2, 64);
        Files.writeString(step(2).resolve(name), "cos\nsystem\n(S'touch owned'\ntR.");
        seal(step(2));
        assertThat(newest(open(dir, Written.RUN))).isEqualTo(1);
        assertThat(skipped).singleElement().asString().contains("it holds", name);
    }

    private static void seal(Path checkpoint) {
        DurableFiles.write(
                checkpoint.resolve(AtomicDirectory.MANIFEST),
                Digests.listing(checkpoint, n -> !n.equals(AtomicDirectory.MANIFEST)));
    }

    @Test
    void anotherRunsCheckpointsAreNeitherReadNorRemoved() throws IOException {
        Written.write(open(dir, Written.RUN), 1, 64);
        RunKey other = Written.RUN.with("input dataset", "sha256:c");
        CheckpointDirectory others = open(dir, other);
        assertThat(newest(others)).isZero();
        for (int step = 1; step <= 3; step++) {
            Written.write(others, step, 64);
        }
        others.delete();
        assertThat(newest(open(dir, Written.RUN))).isEqualTo(1);
        // Moved to where the other run looks, it still says whose it is.
        Path from = Objects.requireNonNull(step(1).getParent());
        Written.write(others, 5, 64);
        Files.move(from.resolve("step-00000001"), step(5).resolveSibling("step-00000001"));
        DurableFiles.deleteTree(step(5));
        assertThat(newest(open(dir, other))).isZero();
        assertThat(skipped).singleElement().asString().contains("another run's");
    }

    /** A limit on the size of files, set by the shell, fails a write half way, as a full disk does. */
    @ParameterizedTest
    @CsvSource({"20000, 1", "200000, 1", "10, 30000", "10, 300000"})
    void aWriteThatFailsLeavesTheOneBefore(int floats, int letters) throws Exception {
        Process child = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 16; exec \"$@\"",
                        "limited",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Written.TooLarge.class.getName(),
                        dir.toString(),
                        String.valueOf(floats),
                        String.valueOf(letters))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("STORAGE cannot write");
        assertThat(child.waitFor()).isZero();
        assertThat(names()).as("nothing half-written is left").containsExactly("step-00000001");
        assertThat(newest(open(dir, Written.RUN))).isEqualTo(1);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsAFaultOfStorage() throws IOException {
        Files.writeString(dir.resolve("file"), "x");
        CheckpointDirectory checkpoints = open(dir.resolve("file/below"), Written.RUN);
        assertThat(newest(checkpoints)).isZero();
        assertThatThrownBy(() -> Written.write(checkpoints, 1, 10))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.STORAGE));
    }

    @Test
    void aKillAtAnyMomentLeavesOneThatIsWhole() throws Exception {
        Random random = new Random();
        int last = 0;
        for (int kill = 0; kill < 6; kill++) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Written.Busy.class.getName(),
                            dir.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out = child.inputReader()) {
                assertThat(out.readLine()).as("goes on after").isEqualTo("from " + last);
                int seen = last;
                for (int i = 0; i < 3; i++) {
                    seen = Integer.parseInt(out.readLine());
                }
                Thread.sleep(random.nextInt(40));
                child.destroyForcibly();
                assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
                last = newest(open(dir, Written.RUN));
                assertThat(last).isGreaterThanOrEqualTo(seen);
            }
        }
        assertThat(skipped).isEmpty();
    }
}
