package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.operator.observe.RunFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ended run, seen again with a spec that asks for the same run. Where nothing of the spec has changed, nothing of this
 * differs from what stands there.
 *
 * @param facts of the run
 * @param generation of the spec
 */
record Settlement(RunFacts facts, long generation) {
    @Nullable
    RunStatus run(@Nullable RunStatus ended) {
        return ended == null
                ? null
                : new RunStatus(
                        ended.id(),
                        facts.wish(),
                        facts.wishParts(),
                        ended.startTime(),
                        ended.completionTime(),
                        ended.clock(),
                        ended.training());
    }

    @Nullable
    List<ConditionStatus> conditions(@Nullable List<ConditionStatus> ended) {
        return ended == null ? null : ended.stream().map(this::observed).toList();
    }

    private ConditionStatus observed(ConditionStatus condition) {
        return new ConditionStatus(
                condition.type(),
                condition.status(),
                generation,
                condition.reason(),
                condition.message(),
                condition.lastTransitionTime());
    }
}
