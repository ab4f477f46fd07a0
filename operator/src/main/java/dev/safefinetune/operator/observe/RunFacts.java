package dev.safefinetune.operator.observe;

import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The run that a resource's current generation asks for, and what exists of it.
 *
 * @param now when this was observed
 * @param identity which run
 * @param stages the stages whose Jobs exist
 * @param leftovers names of unfinished Jobs of the resource's earlier runs
 */
public record RunFacts(Instant now, RunIdentity identity, Map<Stage, StageFacts> stages, List<String> leftovers) {
    public RunFacts {
        EnumMap<Stage, StageFacts> ordered = new EnumMap<>(Stage.class);
        ordered.putAll(stages);
        stages = Collections.unmodifiableMap(ordered);
        leftovers = List.copyOf(leftovers);
    }

    /** The stage that the run has come to; absent before the first. */
    public @Nullable Stage latest(List<Stage> order) {
        return order.reversed().stream().filter(stages::containsKey).findFirst().orElse(null);
    }
}
