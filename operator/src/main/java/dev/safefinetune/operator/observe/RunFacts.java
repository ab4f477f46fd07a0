package dev.safefinetune.operator.observe;

import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The run that a resource's spec asks for, and what exists of it.
 *
 * @param now when this was observed
 * @param identity which run
 * @param wish digest of what of the spec makes it another run
 * @param recorded what stands on the resource of this run; nothing of another one
 * @param stages the stages whose Jobs exist
 * @param objects what exists of this run and of earlier ones and takes up room
 * @param unbound names of the namespace's volume claims that are bound to no volume
 */
public record RunFacts(
        Instant now,
        RunIdentity identity,
        String wish,
        Recorded recorded,
        Map<Stage, StageFacts> stages,
        List<RunObject> objects,
        Set<String> unbound) {
    public RunFacts {
        EnumMap<Stage, StageFacts> ordered = new EnumMap<>(Stage.class);
        ordered.putAll(stages);
        stages = Collections.unmodifiableMap(ordered);
        objects = List.copyOf(objects);
        unbound = Set.copyOf(unbound);
    }

    /** The stage that the run has come to; absent before the first. */
    public @Nullable Stage latest(List<Stage> order) {
        return order.reversed().stream().filter(stages::containsKey).findFirst().orElse(null);
    }
}
