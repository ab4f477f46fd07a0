package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Checkpointing;
import dev.safefinetune.trainer.checkpoint.CheckpointDirectory;
import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.checkpoint.RunKey;
import dev.safefinetune.trainer.train.DurableCheckpoints;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The checkpoints of a run's trainings. They hold parameters and figures, never a sample; they lie where only the run is,
 * and go when it has what it was for.
 */
public final class RunCheckpoints {
    private final Path directory;
    private final Checkpointing settings;
    private final RunKey run;
    private final Interruption interruption;
    private final Clock clock;
    private final StageProgress progress;
    private final EventLog log;
    private final List<CheckpointDirectory> opened = new ArrayList<>();

    /**
     * @param directory where they lie; made when the first is written
     * @param run whose they are; those of others are left alone
     */
    public RunCheckpoints(
            Path directory,
            Checkpointing settings,
            RunKey run,
            Interruption interruption,
            Clock clock,
            StageProgress progress,
            EventLog log) {
        this.directory = directory;
        this.settings = settings;
        this.run = run;
        this.interruption = interruption;
        this.clock = clock;
        this.progress = progress;
        this.log = log;
    }

    /** The checkpoints of one training, and what an earlier process left of it. */
    public ArmCheckpoints arm(String name) {
        CheckpointDirectory own = new CheckpointDirectory(
                directory,
                name,
                settings.keep(),
                run,
                (checkpoint, why) -> log.event("checkpoint passed over", "checkpoint", checkpoint, "reason", why));
        opened.add(own);
        DurableCheckpoints steps = new DurableCheckpoints(
                own,
                Duration.ofSeconds(settings.everySeconds()),
                interruption,
                clock,
                System::nanoTime,
                new Told(name, progress, log));
        return new ArmCheckpoints(own, steps, clock);
    }

    /** Removes the checkpoints of this run; those of others stay. */
    public void delete() {
        opened.forEach(CheckpointDirectory::delete);
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            log.event("checkpoints of other runs stay", "directory", directory);
        } catch (IOException e) {
            // A volume that is mounted there, for one. The work is done; an empty directory is no reason to fail it.
            log.event("checkpoint directory stays", "directory", directory, "reason", String.valueOf(e.getMessage()));
        }
    }
}
