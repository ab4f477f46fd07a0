package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.trainer.tensor.Threads;
import dev.safefinetune.trainer.train.DurableCheckpoints;
import dev.safefinetune.trainer.train.TrainingState;
import java.time.Instant;

/** Tells log and status what becomes of an arm's checkpoints. */
record Told(String arm, StageProgress progress, EventLog log) implements DurableCheckpoints.Witness {
    @Override
    public void resumed(TrainingState from, Instant writtenAt) {
        progress.checkpointed(writtenAt);
        log.event("training resumed", "arm", arm, "step", from.done() + "/" + from.total(), "checkpoint", writtenAt);
        if (from.threads() != Threads.number()) {
            log.event(
                    "sums are rounded otherwise than before the checkpoint",
                    "threads",
                    Threads.number(),
                    "before",
                    from.threads());
        }
    }

    @Override
    public void written(int step, Instant at, double seconds, long bytes) {
        progress.checkpointed(at);
        log.event("checkpoint written", "arm", arm, "step", step, "bytes", bytes, "seconds", seconds);
    }

    @Override
    public void failed(int step, int times, String reason) {
        log.event(
                "checkpoint not written; training goes on, the earlier ones are kept",
                "arm",
                arm,
                "step",
                step,
                "failuresInARow",
                times,
                "reason",
                reason);
    }
}
