package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Checkpointing;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Source;
import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.checkpoint.RunKey;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Where a stage is at work.
 *
 * @param root the container's working directory
 * @param run whose stage it is
 * @param progress told how far it is
 * @param log told what happens
 * @param clock of reports
 * @param interruption by which it is asked to end
 */
record StageContext(
        Path root, RunIdentity run, StageProgress progress, EventLog log, Clock clock, Interruption interruption) {
    Path path(Source source) {
        return root.resolve(source.path());
    }

    /** The volume that something is on: where the operator mounts a claim or a secret, two names below the root. */
    Path volume(Source source) {
        Path path = Path.of(source.path());
        return root.resolve(path.subpath(0, Math.min(2, path.getNameCount())));
    }

    Scratch scratch(String path) {
        return new Scratch(root.resolve(path));
    }

    RunCheckpoints checkpoints(Scratch scratch, @Nullable Checkpointing settings, RunKey key) {
        if (settings == null) {
            throw new TrainerException(
                    Fault.JOB_SPEC_INVALID,
                    "task.checkpoint is missing: the operator is of an older release than the trainer image");
        }
        return new RunCheckpoints(scratch.checkpoints(), settings, key, interruption, clock, progress, log);
    }

    /**
     * Removes the checkpoints of a stage that is done: from here on it says so, also where it is asked to end.
     *
     * @throws dev.safefinetune.trainer.checkpoint.TrainingInterrupted where it was asked before
     */
    void done(RunCheckpoints checkpoints) {
        interruption.attend();
        checkpoints.delete();
    }
}
