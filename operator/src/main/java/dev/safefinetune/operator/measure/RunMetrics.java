package dev.safefinetune.operator.measure;

import dev.safefinetune.api.v1alpha1.StageState;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.contract.Stage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What happens to runs, counted from one written status to the next. */
public final class RunMetrics {
    private final MeterRegistry meters;
    private final RunMeters runs;
    private volatile boolean acting;

    public RunMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.runs = new RunMeters(meters);
    }

    /** From now on the informers know the resources; before that there are none to show. */
    public void act() {
        acting = true;
    }

    /** Shows how many resources of a kind are in each of its phases, as the informers know them. */
    public <E extends Enum<E>> void show(String kind, Class<E> phases, Supplier<Stream<? extends HasMetadata>> all) {
        for (E phase : phases.getEnumConstants()) {
            String text = RunView.text(phase);
            Gauge.builder(
                            "safefinetune.resources",
                            () -> acting
                                    ? all.get()
                                            .filter(resource ->
                                                    RunView.of(resource).phase().equals(text))
                                            .count()
                                    : 0)
                    .description("Resources in a phase; 0 on a replica that stands by")
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
            runs.verdicts(after.kind(), RunView.text(after.verdict())).increment();
        }
    }

    private void ended(RunView run) {
        runs.ended(run.kind(), run.phase(), run.reason()).increment();
        if (run.clock() != null) {
            runs.queued(run.kind()).record(Duration.ofSeconds(run.clock().queuedSeconds()));
            runs.active(run.kind()).record(Duration.ofSeconds(run.clock().activeSeconds()));
        }
    }

    private void over(RunView run, StageStatus stage) {
        if (stage.seconds() == null) {
            return;
        }
        runs.stage(run.kind(), stage.name(), RunView.text(stage.state())).record(Duration.ofSeconds(stage.seconds()));
        if (run.gpus() > 0 && isOnGpu(stage)) {
            runs.gpus(run.kind(), stage.name()).increment((double) stage.seconds() * run.gpus());
        }
    }

    private static boolean isOnGpu(StageStatus stage) {
        return Stage.ON_GPU.stream().anyMatch(each -> each.text().equals(stage.name()));
    }

    private static boolean isOver(StageStatus stage) {
        return stage.state() == StageState.SUCCEEDED || stage.state() == StageState.FAILED;
    }
}
