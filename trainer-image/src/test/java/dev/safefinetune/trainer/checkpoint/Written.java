package dev.safefinetune.trainer.checkpoint;

import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.TrainerException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checkpoints of one float each that is the number of their step, and processes that write them. */
final class Written {
    static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    static final RunKey RUN = new RunKey(new TreeMap<>(Map.of("run", "uid/bot-1", "input model", "sha256:a")));

    private Written() {}

    record State(int step, double loss, String note) {}

    static long write(CheckpointDirectory checkpoints, int step, int floats) {
        return write(checkpoints, step, floats, 1);
    }

    static long write(CheckpointDirectory checkpoints, int step, int floats, int letters) {
        MemorySegment values = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, floats);
        for (int i = 0; i < floats; i++) {
            values.setAtIndex(ValueLayout.JAVA_FLOAT, i, step);
        }
        return checkpoints.write(
                step,
                THEN.plusSeconds(step),
                new State(step, 1.0 / step, "x".repeat(letters)),
                List.of(new OutgoingTensor("parameters", DType.F32, List.of((long) floats), () -> values)));
    }

    /** Writes a small checkpoint, and one that is too large. */
    static final class TooLarge {
        private TooLarge() {}

        public static void main(String[] args) {
            CheckpointDirectory checkpoints = new CheckpointDirectory(Path.of(args[0]), "arm", 2, RUN, (n, w) -> {});
            write(checkpoints, 1, 10);
            try {
                write(checkpoints, 2, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            } catch (TrainerException e) {
                System.out.println(e.fault() + " " + e.getMessage());
            }
        }
    }

    /** Writes checkpoints until it is killed. */
    static final class Busy {
        private Busy() {}

        public static void main(String[] args) {
            CheckpointDirectory checkpoints = new CheckpointDirectory(Path.of(args[0]), "arm", 2, RUN, (n, w) -> {});
            int step = checkpoints
                    .newest(State.class)
                    .map(CheckpointDirectory.Found::step)
                    .orElse(0);
            System.out.println("from " + step);
            while (true) {
                step++;
                write(checkpoints, step, 100_000);
                System.out.println(step);
            }
        }
    }
}
