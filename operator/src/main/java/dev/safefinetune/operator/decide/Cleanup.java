package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.CleanupSpec;
import dev.safefinetune.api.v1alpha1.Durations;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.observe.RunFacts;
import dev.safefinetune.operator.observe.RunObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an ended run leaves behind, and when it goes. The resource itself never does, and neither does a ServiceAccount, which
 * other runs share, nor a job spec, which says for good what a stage was told.
 *
 * @param run what exists
 * @param wishes how long it is kept
 */
record Cleanup(RunFacts run, CleanupSpec wishes) {

    /** All that earlier runs have left: the run that has taken their place ends them. */
    static List<RunObject> ofEarlierRuns(RunFacts run) {
        return run.objects().stream()
                .filter(object -> !object.run().equals(run.identity().id()))
                .toList();
    }

    /**
     * What keeps a run from getting on, or goes on for nothing, because its pod holds more than the trainer: the Job of a
     * stage that the run has passed, and a pod whose trainer has failed, which its Job only counts once it has ended.
     */
    static List<RunObject> ofOtherContainers(RunFacts run, List<Stage> order) {
        Stage latest = run.latest(order);
        Set<String> passed = run.stages().entrySet().stream()
                .filter(stage -> latest != null && order.indexOf(stage.getKey()) < order.indexOf(latest))
                .map(stage -> stage.getValue().job())
                .collect(Collectors.toSet());
        return run.objects().stream()
                .filter(object -> object.run().equals(run.identity().id()))
                .filter(object -> object.kind() == RunObject.Kind.POD
                        || object.kind() == RunObject.Kind.JOB
                                && object.ended() == null
                                && passed.contains(object.name()))
                .toList();
    }

    /** What is to go now. A Job at work has nothing left to work for. */
    List<RunObject> due() {
        return run.objects().stream()
                .filter(object -> !left(object).isPositive())
                .toList();
    }

    /** How long until something else is to go; absent where nothing is left. */
    @Nullable
    Duration next() {
        return run.objects().stream()
                .map(this::left)
                .filter(Duration::isPositive)
                .min(Duration::compareTo)
                .orElse(null);
    }

    private Duration left(RunObject object) {
        boolean earlier = !object.run().equals(run.identity().id());
        boolean atWork = object.kind() != RunObject.Kind.SCRATCH && object.ended() == null;
        if (earlier || atWork) {
            return Duration.ZERO;
        }
        Duration kept = Durations.parse(object.kind() == RunObject.Kind.JOB ? wishes.pods() : wishes.scratch());
        return Duration.between(run.now(), ended().plus(kept));
    }

    private Instant ended() {
        var recorded = run.recorded().run();
        Instant completed = recorded == null ? null : recorded.completionTime();
        return completed == null ? run.now() : completed;
    }
}
