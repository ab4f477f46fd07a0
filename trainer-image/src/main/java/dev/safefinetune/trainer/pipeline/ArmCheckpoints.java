package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.trainer.checkpoint.CheckpointDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.train.Checkpoints;
import dev.safefinetune.trainer.train.DurableCheckpoints;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One training's checkpoints, and documents beside them: what was measured before its steps, what came of it after. */
public final class ArmCheckpoints {
    /** Nothing is kept. */
    public static final ArmCheckpoints NONE = new ArmCheckpoints(null, null, Clock.systemUTC());

    private final @Nullable CheckpointDirectory directory;
    private final @Nullable DurableCheckpoints steps;
    private final Clock clock;

    ArmCheckpoints(@Nullable CheckpointDirectory directory, @Nullable DurableCheckpoints steps, Clock clock) {
        this.directory = directory;
        this.steps = steps;
        this.clock = clock;
    }

    /** For the steps. */
    public Checkpoints steps() {
        return steps == null ? Checkpoints.NONE : steps;
    }

    /** The share of the steps that an earlier process has made, 0..1. */
    double done() {
        return steps == null
                ? 0
                : steps.found()
                        .map(state -> (double) state.done() / Math.max(1, state.total()))
                        .orElse(0.0);
    }

    /** A document that an earlier process kept. */
    <T> Optional<T> kept(String name, Class<T> type) {
        return directory == null ? Optional.empty() : directory.kept(name, type);
    }

    /** Keeps a document; where that cannot be done, another process has to do again what came to it. */
    void keep(String name, Object document, EventLog log) {
        if (directory == null) {
            return;
        }
        try {
            directory.keep(name, clock.instant(), document);
        } catch (TrainerException e) {
            log.event("not kept beside the checkpoints", "what", name, "reason", String.valueOf(e.getMessage()));
        }
    }

    /** Keeps what came of the training, after which its checkpoints are not needed any more. */
    void finish(String name, Object document, EventLog log) {
        keep(name, document, log);
        if (directory != null) {
            directory.deleteSteps();
        }
    }
}
