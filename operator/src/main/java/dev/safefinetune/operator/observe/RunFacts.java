package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.TrainingStatus;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The run that a resource's spec asks for, and what exists of it.
 *
 * @param now when this was observed
 * @param identity which run
 * @param wish digest of what of the spec makes it another run
 * @param wishParts the same, part by part
 * @param recorded what stands on the resource of this run; nothing of another one
 * @param stages the stages whose Jobs exist
 * @param objects what exists of this run and of earlier ones and takes up room
 * @param unbound names of the volume claims that its pods wait for and that are bound to no volume
 */
public record RunFacts(
        Instant now,
        RunIdentity identity,
        String wish,
        SortedMap<String, String> wishParts,
        Recorded recorded,
        Map<Stage, StageFacts> stages,
        List<RunObject> objects,
        Set<String> unbound) {
    public RunFacts {
        EnumMap<Stage, StageFacts> ordered = new EnumMap<>(Stage.class);
        ordered.putAll(stages);
        stages = Collections.unmodifiableMap(ordered);
        wishParts = Collections.unmodifiableSortedMap(new TreeMap<>(wishParts));
        objects = List.copyOf(objects);
        unbound = Set.copyOf(unbound);
    }

    /** What the run's training computes on, as it was written down, or as its Job says; absent before it has begun. */
    public @Nullable TrainingStatus training() {
        RunStatus run = recorded.run();
        if (run != null && run.training() != null) {
            return run.training();
        }
        return stages.entrySet().stream()
                .filter(stage -> Stage.TRAINING.contains(stage.getKey()))
                .findFirst()
                .map(stage -> stage.getValue().computesOn())
                .orElse(null);
    }

    /** The stage that the run has come to; absent before the first. */
    public @Nullable Stage latest(List<Stage> order) {
        return order.reversed().stream().filter(stages::containsKey).findFirst().orElse(null);
    }
}
