package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.RunClockStatus;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.observe.RunObject;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decision and what it rests on.
 *
 * @param next what is to happen
 * @param outcomes what has become of the stages whose Jobs exist
 * @param accepted what the run was accepted with, where that is still to be written down
 * @param leftovers what is to be deleted
 * @param clock how the run has spent its time, once the decision is carried out; absent before its first Job
 * @param clockIfRefused the same where the API server refuses it
 */
public record Decided(
        Decision next,
        Map<Stage, StageOutcome> outcomes,
        @Nullable Accepted accepted,
        List<RunObject> leftovers,
        @Nullable RunClockStatus clock,
        @Nullable RunClockStatus clockIfRefused) {
    public Decided {
        EnumMap<Stage, StageOutcome> ordered = new EnumMap<>(Stage.class);
        ordered.putAll(outcomes);
        outcomes = Collections.unmodifiableMap(ordered);
        leftovers = List.copyOf(leftovers);
    }
}
