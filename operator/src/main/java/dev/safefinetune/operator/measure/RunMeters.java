package dev.safefinetune.operator.measure;

import dev.safefinetune.contract.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;

/**
 * The meters of runs, by their tags. All whose tags are known are there from the start: a counter that appears with its first
 * event is never seen to rise, so Prometheus' {@code increase} would miss that event.
 */
final class RunMeters {
    private final MeterRegistry meters;

    RunMeters(MeterRegistry meters) {
        this.meters = meters;
        begin(RunEnds.FINE_TUNE, Stage.FINE_TUNE);
        begin(RunEnds.VECTOR, Stage.VECTOR);
    }

    private void begin(RunEnds ends, List<Stage> stages) {
        String kind = ends.kind();
        ends.all().forEach((phase, reasons) -> reasons.forEach(reason -> ended(kind, phase, reason.text())));
        ends.verdicts().forEach(verdict -> verdicts(kind, RunView.text(verdict)));
        queued(kind);
        active(kind);
        for (Stage stage : stages) {
            ends.states().forEach(state -> stage(kind, stage.text(), RunView.text(state)));
            if (Stage.ON_GPU.contains(stage)) {
                gpus(kind, stage.text());
            }
        }
    }

    Counter ended(String kind, String phase, String reason) {
        return Counter.builder("safefinetune.runs.ended")
                .description("Runs that ended, by how and why")
                .tags("kind", kind, "phase", phase, "reason", reason)
                .register(meters);
    }

    Counter verdicts(String kind, String verdict) {
        return Counter.builder("safefinetune.safety.verdicts")
                .description("Verdicts on trained models and on security vectors")
                .tags("kind", kind, "verdict", verdict)
                .register(meters);
    }

    Timer queued(String kind) {
        return Timer.builder("safefinetune.run.queued")
                .description("Time that an ended run spent in queues")
                .tag("kind", kind)
                .register(meters);
    }

    Timer active(String kind) {
        return Timer.builder("safefinetune.run.active")
                .description("Time that an ended run spent at work")
                .tag("kind", kind)
                .register(meters);
    }

    Timer stage(String kind, String stage, String state) {
        return Timer.builder("safefinetune.stage")
                .description("Time from a stage's start to its end")
                .tags("kind", kind, "stage", stage, "state", state)
                .register(meters);
    }

    Counter gpus(String kind, String stage) {
        return Counter.builder("safefinetune.gpu")
                .baseUnit("seconds")
                .description("GPUs times the seconds for which stages held them")
                .tags("kind", kind, "stage", stage)
                .register(meters);
    }
}
