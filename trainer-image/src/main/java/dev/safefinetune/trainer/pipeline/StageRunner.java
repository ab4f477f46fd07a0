package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.JobSpec.ProgressTarget;
import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import dev.safefinetune.trainer.tensor.Device;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * Does what a job spec says, and tells how it ended: whatever happens becomes a result, but for a process that was asked
 * to end and has none.
 */
public final class StageRunner {
    private final Path root;
    private final EventLog log;
    private final Clock clock;
    private final Interruption interruption;

    /**
     * @param root the container's working directory, which the spec's paths are relative to
     * @param interruption by which the stage is asked to end
     */
    public StageRunner(Path root, EventLog log, Clock clock, Interruption interruption) {
        this.interruption = interruption;
        this.root = root;
        this.log = log;
        this.clock = clock;
    }

    /**
     * Runs a stage.
     *
     * @throws TrainingInterrupted where it was asked to end and did
     */
    public StageResult run(JobSpec spec) {
        ProgressTarget target = spec.progress();
        try (Held<ProgressPoster> poster = new Held<>(target == null ? null : new ProgressPoster(target, root, log))) {
            return run(spec, poster.get() == null ? p -> {} : poster.get());
        }
    }

    private StageResult run(JobSpec spec, Consumer<Progress> listener) {
        StageTask task = spec.task();
        log.event(
                "stage begins", "stage", task.stage().text(), "run", spec.run().id());
        StageProgress progress = new StageProgress(task.stage(), clock, listener);
        try {
            List<Device> devices = PodDevices.of(spec.gpus());
            log.event("computes on", "devices", PodDevices.text(devices));
            StageContext context = new StageContext(
                    root,
                    spec.run(),
                    progress,
                    log,
                    clock,
                    interruption,
                    devices,
                    OperatorSignature.of(spec, root),
                    OperatorCalls.of(spec.progress(), root));
            StageOutput output = dispatch(task, context);
            log.event(
                    "stage ends",
                    "stage",
                    task.stage().text(),
                    "peakBytes",
                    ProcessMemory.peakBytes(),
                    "processorSeconds",
                    ProcessMemory.processorSeconds());
            return StageResult.done(spec.run(), task.stage(), output.outputs(), output.figures());
        } catch (TrainingInterrupted e) {
            log.event("stage interrupted", "stage", task.stage().text(), "reason", String.valueOf(e.getMessage()));
            throw e;
        } catch (RuntimeException | LinkageError | OutOfMemoryError | StackOverflowError e) {
            Failure failure = Failure.of(e);
            if (interruption.isWished()) {
                // A process that is ending fails in ways that say nothing of its stage: the next one finds out.
                log.event("stage interrupted", "stage", task.stage().text(), "reason", failure.message());
                throw new TrainingInterrupted("asked to end, and failed while ending: " + failure.message());
            }
            log.event(
                    "stage failed",
                    "stage",
                    task.stage().text(),
                    "fault",
                    failure.fault(),
                    "reason",
                    failure.message());
            if (failure.fault() == Fault.INTERNAL) {
                failure.trace(log);
            }
            return StageResult.failed(spec.run(), task.stage(), failure.fault(), failure.message());
        }
    }

    private static StageOutput dispatch(StageTask task, StageContext context) {
        return switch (task) {
            case StageTask.Prepare t -> new PrepareStage(t, context).run();
            case StageTask.Train t -> new TrainStage(t, context).run();
            case StageTask.Evaluate t -> new EvaluateStage(t, context).run();
            case StageTask.Publish t -> new PublishStage(t, context).run();
            case StageTask.PrepareVector t -> new PrepareVectorStage(t, context).run();
            case StageTask.TrainVector t -> VectorStages.train(t, context);
            case StageTask.Assess t -> VectorStages.assess(t, context);
            case StageTask.Store t -> VectorStages.store(t, context);
        };
    }
}
