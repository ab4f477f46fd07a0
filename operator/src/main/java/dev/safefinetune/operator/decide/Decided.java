package dev.safefinetune.operator.decide;

import dev.safefinetune.contract.Stage;
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
 * @param leftovers unfinished Jobs of earlier runs, to be deleted
 */
public record Decided(
        Decision next,
        Map<Stage, StageOutcome> outcomes,
        @Nullable Accepted accepted,
        List<String> leftovers) {
    public Decided {
        EnumMap<Stage, StageOutcome> ordered = new EnumMap<>(Stage.class);
        ordered.putAll(outcomes);
        outcomes = Collections.unmodifiableMap(ordered);
        leftovers = List.copyOf(leftovers);
    }
}
