package dev.safefinetune.operator.measure;

import dev.safefinetune.api.v1alpha1.StageState;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.contract.Stage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What happens to runs, counted from one written status to the next. */
public final class RunMetrics {
    private final MeterRegistry meters;

    public RunMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Shows how many resources of a kind are in each of its phases, as the informers know them. */
    public <E extends Enum<E>> void show(String kind, Class<E> phases, Supplier<Stream<? extends HasMetadata>> all) {
        for (E phase : phases.getEnumConstants()) {
            String text = RunView.text(phase);
            Gauge.builder(
                            "safefinetune.resources",
                            () -> all.get()
                                    .filter(resource ->
                                            RunView.of(resource).phase().equals(text))
                                    .count())
                    .description("Resources in a phase; on the replica that acts")
                    .tags("kind", kind, "phase", text)
                    .register(meters);
        }
    }

    /** Counts what the second status says and the first did not; the second one has just been written by this replica. */
    public void wrote(HasMetadata before, HasMetadata after) {
        wrote(RunView.of(before), RunView.of(after));
    }

    private void wrote(RunView before, RunView after) {
        boolean sameRun = Objects.equals(before.run(), after.run());
        if (after.isEnded() && !(sameRun && before.isEnded())) {
            ended(after);
        }
        for (StageStatus stage : after.stages()) {
            Optional<StageStatus> was = before.stages().stream()
                    .filter(each -> sameRun && each.name().equals(stage.name()))
                    .findFirst();
            if (isOver(stage) && was.filter(RunMetrics::isOver).isEmpty()) {
                over(after, stage);
            }
        }
        if (after.verdict() != null && !(sameRun && after.verdict() == before.verdict())) {
            Counter.builder("safefinetune.safety.verdicts")
                    .description("Verdicts on trained models and on security vectors")
                    .tags("kind", after.kind(), "verdict", RunView.text(after.verdict()))
                    .register(meters)
                    .increment();
        }
    }

    private void ended(RunView run) {
        Counter.builder("safefinetune.runs.ended")
                .description("Runs that ended, by how and why")
                .tags("kind", run.kind(), "phase", run.phase(), "reason", run.reason())
                .register(meters)
                .increment();
        if (run.clock() != null) {
            Timer.builder("safefinetune.run.queued")
                    .description("Time that an ended run spent in queues")
                    .tag("kind", run.kind())
                    .register(meters)
                    .record(Duration.ofSeconds(run.clock().queuedSeconds()));
            Timer.builder("safefinetune.run.active")
                    .description("Time that an ended run spent at work")
                    .tag("kind", run.kind())
                    .register(meters)
                    .record(Duration.ofSeconds(run.clock().activeSeconds()));
        }
    }

    private void over(RunView run, StageStatus stage) {
        if (stage.seconds() == null) {
            return;
        }
        Tags tags = Tags.of("kind", run.kind(), "stage", stage.name());
        Timer.builder("safefinetune.stage")
                .description("Time from a stage's start to its end")
                .tags(tags.and("state", RunView.text(stage.state())))
                .register(meters)
                .record(Duration.ofSeconds(stage.seconds()));
        if (run.gpus() > 0 && isOnGpu(stage)) {
            Counter.builder("safefinetune.gpu")
                    .baseUnit("seconds")
                    .description("GPUs times the seconds for which stages held them")
                    .tags(tags)
                    .register(meters)
                    .increment((double) stage.seconds() * run.gpus());
        }
    }

    private static boolean isOnGpu(StageStatus stage) {
        return Stage.ON_GPU.stream().anyMatch(each -> each.text().equals(stage.name()));
    }

    private static boolean isOver(StageStatus stage) {
        return stage.state() == StageState.SUCCEEDED || stage.state() == StageState.FAILED;
    }
}
