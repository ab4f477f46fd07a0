package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Checkpointing;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.checkpoint.RunKey;
import dev.safefinetune.trainer.pipeline.ArmCheckpoints;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.RunCheckpoints;
import dev.safefinetune.trainer.pipeline.StageProgress;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Checkpoints of a command by hand. */
final class CheckpointOptions {
    private static final Pattern DURATION = Pattern.compile("([1-9]\\d{0,5})([smh])");

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = "save the training's state here; the same command goes on from it after it was ended")
    private @Nullable Path directory;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "most that a kill loses, as 30s, 10m or 1h (default ${DEFAULT-VALUE})")
    private String every = "10m";

    @Option(
            names = "--checkpoint-keep",
            defaultValue = "2",
            description = "checkpoints that are kept (default ${DEFAULT-VALUE})")
    private int keep;

    /**
     * Works with checkpoints, which are removed when the work is done.
     *
     * @param run what decides how the training goes; asked for only where checkpoints are wished
     */
    void use(Supplier<RunKey> run, StageProgress progress, EventLog log, Consumer<ArmCheckpoints> work) {
        Path kept = directory;
        if (kept == null) {
            work.accept(ArmCheckpoints.NONE);
            return;
        }
        Checkpointing settings = Settings.checked(() -> new Checkpointing(seconds(), keep, 300));
        RunCheckpoints checkpoints = new RunCheckpoints(
                kept, settings, run.get(), Termination.interruption(), Clock.systemUTC(), progress, log);
        work.accept(checkpoints.arm("training"));
        checkpoints.delete();
    }

    private int seconds() {
        Matcher found = DURATION.matcher(every);
        if (!found.matches()) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID, "--checkpoint-every must be a time such as 30s, 10m or 1h, was " + every);
        }
        int number = Integer.parseInt(found.group(1));
        return switch (found.group(2)) {
            case "h" -> Math.multiplyExact(number, 3600);
            case "m" -> Math.multiplyExact(number, 60);
            default -> number;
        };
    }
}
