package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.trainer.checkpoint.CheckpointDirectory;
import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.checkpoint.RunKey;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training that was ended anywhere and gone on with is, bit for bit, the training that nothing disturbed. */
class ResumeTest {
    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    Path dir;

    private Checkpoints checkpoints(Path directory, Duration every, Interruption interruption, List<String> told) {
        CheckpointDirectory kept = new CheckpointDirectory(
                directory,
                "arm",
                2,
                new RunKey(new TreeMap<>(java.util.Map.of("run", "uid"))),
                (n, why) -> told.add("skipped " + n + ": " + why));
        return new DurableCheckpoints(
                kept, every, interruption, InstantSource.fixed(Instant.EPOCH), System::nanoTime, new Told(told));
    }

    private record Told(List<String> lines) implements DurableCheckpoints.Witness {
        @Override
        public void resumed(TrainingState from, Instant writtenAt) {
            lines.add("resumed " + from.done());
        }

        @Override
        public void written(int step, Instant at, double seconds, long bytes) {
            lines.add("written " + step);
        }

        @Override
        public void failed(int step, int times, String reason) {
            lines.add("failed " + step + " " + times);
        }
    }

    /** Wishes the end when it is asked for the n-th time whether it is wished: before the n-th micro-batch. */
    private record AtMicroBatch(Checkpoints to, Interruption interruption, int[] left) implements Checkpoints {
        @Override
        public Optional<TrainingState> begin(List<Memory> tensors) {
            return to.begin(tensors);
        }

        @Override
        public void reached(Supplier<TrainingState> state, List<Memory> tensors) {
            to.reached(state, tensors);
        }

        @Override
        public void ended(Supplier<TrainingState> state, List<Memory> tensors) {
            to.ended(state, tensors);
        }

        @Override
        public boolean isEndWished() {
            if (--left[0] == 0) {
                interruption.wish();
            }
            return to.isEndWished();
        }
    }

    @ParameterizedTest
    @EnumSource
    void endedAfterEveryStep(TrainingKind kind) {
        TrainingKind.Outcome unbroken = kind.train(TrainingListener.NONE, Checkpoints.NONE);
        assertThat(unbroken.record().steps()).hasSize(kind.steps);
        for (int k = 1; k < kind.steps; k++) {
            Path directory = dir.resolve("after-" + k);
            List<String> told = new ArrayList<>();
            Interruption wish = new Interruption();
            int last = k;
            assertThatThrownBy(() -> kind.train(
                            (step, steps, tokens) -> {
                                if (step.step() == last) {
                                    wish.wish();
                                }
                            },
                            checkpoints(directory, NEVER, wish, told)))
                    .isInstanceOf(TrainingInterrupted.class);
            TrainingKind.Outcome resumed =
                    kind.train(TrainingListener.NONE, checkpoints(directory, NEVER, new Interruption(), told));
            assertThat(told).containsExactly("written " + k, "resumed " + k, "written " + kind.steps);
            assertThat(resumed).isEqualTo(unbroken);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void endedWithinSteps(TrainingKind kind) {
        TrainingKind.Outcome unbroken = kind.train(TrainingListener.NONE, Checkpoints.NONE);
        int batches = 1;
        for (TrainingKind.@Nullable Outcome resumed = null; resumed == null; batches += 3) {
            Path directory = dir.resolve("before-" + batches);
            List<String> told = new ArrayList<>();
            Interruption wish = new Interruption();
            try {
                resumed = kind.train(
                        TrainingListener.NONE,
                        new AtMicroBatch(checkpoints(directory, NEVER, wish, told), wish, new int[] {batches}));
                continue;
            } catch (TrainingInterrupted e) {
                assertThat(told).hasSize(1);
            }
            assertThat(kind.train(TrainingListener.NONE, checkpoints(directory, NEVER, new Interruption(), told)))
                    .isEqualTo(unbroken);
        }
        assertThat(batches).as("micro-batches").isGreaterThan(2 * kind.steps);
    }

    /** As after kill -9: no word, and whatever was written last is what there is. */
    @ParameterizedTest
    @EnumSource
    void killedAgainAndAgain(TrainingKind kind) throws IOException {
        TrainingKind.Outcome unbroken = kind.train(TrainingListener.NONE, Checkpoints.NONE);
        List<String> told = new ArrayList<>();
        for (int k = 2; k <= kind.steps; k++) {
            int last = k;
            assertThatThrownBy(() -> kind.train(
                            (step, steps, tokens) -> {
                                if (step.step() == last) {
                                    throw new Killed();
                                }
                            },
                            checkpoints(dir, Duration.ZERO, new Interruption(), told)))
                    .isInstanceOf(Killed.class);
        }
        TrainingKind.Outcome resumed =
                kind.train(TrainingListener.NONE, checkpoints(dir, NEVER, new Interruption(), told));
        assertThat(told).contains("resumed " + (kind.steps - 1));
        assertThat(resumed).isEqualTo(unbroken);
        try (Stream<Path> kept =
                Files.list(dir.resolve(Files.list(dir).findFirst().orElseThrow()))) {
            assertThat(kept.map(p -> p.getFileName().toString()))
                    .as("the two newest are kept")
                    .containsExactlyInAnyOrder(
                            "step-%08d".formatted(kind.steps), "step-%08d".formatted(kind.steps - 1));
        }
    }

    /** A disk on which nothing can be written: a file lies where the checkpoints are to be. */
    @Test
    void trainingGoesOnWhereNoCheckpointCanBeWritten() throws IOException {
        TrainingKind.Outcome unbroken = TrainingKind.LORA.train(TrainingListener.NONE, Checkpoints.NONE);
        Path full = Files.writeString(dir.resolve("full"), "x");
        List<String> told = new ArrayList<>();
        assertThat(TrainingKind.LORA.train(
                        TrainingListener.NONE, checkpoints(full, Duration.ZERO, new Interruption(), told)))
                .isEqualTo(unbroken);
        assertThat(told).hasSize(TrainingKind.LORA.steps).contains("failed 1 1", "failed 2 2");

        Interruption wish = new Interruption();
        assertThatThrownBy(() -> TrainingKind.LORA.train(
                        (step, steps, tokens) -> wish.wish(), checkpoints(full, NEVER, wish, told)))
                .isInstanceOf(TrainingInterrupted.class)
                .hasMessageContaining("no checkpoint could be written");
    }

    /** A disk that fills and is emptied again: the checkpoint before it is kept, and the next is written. */
    @Test
    void aDiskThatIsFullForAWhileCostsNoMoreThanItsTime() throws IOException {
        TrainingKind.Outcome unbroken = TrainingKind.LORA.train(TrainingListener.NONE, Checkpoints.NONE);
        List<String> told = new ArrayList<>();
        Path directory = dir.resolve("checkpoints");
        Path aside = dir.resolve("aside");
        assertThatThrownBy(() -> TrainingKind.LORA.train(
                        (step, steps, tokens) -> {
                            switch (step.step()) {
                                case 3 -> full(directory, aside);
                                case 5 -> emptied(directory, aside);
                                case 7 -> throw new Killed();
                                default -> {}
                            }
                        },
                        checkpoints(directory, Duration.ZERO, new Interruption(), told)))
                .isInstanceOf(Killed.class);
        assertThat(told)
                .containsExactly("written 1", "written 2", "failed 3 1", "failed 4 2", "written 5", "written 6");
        assertThat(TrainingKind.LORA.train(
                        TrainingListener.NONE, checkpoints(directory, NEVER, new Interruption(), told)))
                .isEqualTo(unbroken);
        assertThat(told).contains("resumed 6");
    }

    private static void full(Path directory, Path aside) {
        try {
            Files.move(directory, aside);
            Files.writeString(directory, "x");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void emptied(Path directory, Path aside) {
        try {
            Files.delete(directory);
            Files.move(aside, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anEndThatIsWishedBeforeTrainingNeedsNoCheckpoint() {
        Interruption wish = new Interruption();
        assertThat(wish.wish()).as("nobody will notice").isFalse();
        List<String> told = new ArrayList<>();
        Checkpoints checkpoints = checkpoints(dir, NEVER, wish, told);
        assertThatThrownBy(() -> TrainingKind.LORA.train(TrainingListener.NONE, checkpoints))
                .isInstanceOf(TrainingInterrupted.class);
        assertThat(told).isEmpty();
    }

    private static final class Killed extends RuntimeException {}
}
