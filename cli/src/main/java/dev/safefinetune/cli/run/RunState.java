package dev.safefinetune.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a resource is, as its status says.
 *
 * @param phase in one word; empty before the operator has seen it
 * @param ready whether the current generation is Ready
 * @param failure why it will never be; absent as long as it may
 * @param progress of the stage at work
 * @param stages in order
 * @param output where the result lies; empty before it does
 * @param report where the safety report lies, that of a refused model too; empty where there is none
 */
record RunState(
        String phase,
        boolean ready,
        @Nullable String failure,
        @Nullable JsonNode progress,
        List<Stage> stages,
        String output,
        String report) {

    /**
     * One stage.
     *
     * @param state Pending, Running, Succeeded or Failed
     * @param seconds it took, or 0
     */
    record Stage(String name, String state, long seconds) {}

    RunState {
        stages = List.copyOf(stages);
    }

    static RunState of(JsonNode resource) {
        JsonNode status = resource.path("status");
        long generation = resource.at("/metadata/generation").asLong();
        List<Stage> stages = new ArrayList<>();
        for (JsonNode stage : status.path("stages")) {
            stages.add(new Stage(
                    stage.path("name").asText(),
                    stage.path("state").asText(),
                    stage.path("seconds").asLong()));
        }
        JsonNode stalled = condition(status, "Stalled");
        String failure = isTrue(stalled, generation)
                ? stalled.path("reason").asText() + ": "
                        + stalled.path("message").asText()
                : null;
        return new RunState(
                status.path("phase").asText(""),
                isTrue(condition(status, "Ready"), generation),
                failure,
                status.hasNonNull("progress") ? status.path("progress") : null,
                stages,
                status.at("/output/uri").asText(""),
                status.at("/safety/report").asText(""));
    }

    private static JsonNode condition(JsonNode status, String type) {
        for (JsonNode each : status.path("conditions")) {
            if (each.path("type").asText().equals(type)) {
                return each;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    /** What was observed of an older spec says nothing of this one. */
    private static boolean isTrue(JsonNode condition, long generation) {
        return condition.path("status").asText().equals("True")
                && condition.path("observedGeneration").asLong() == generation;
    }

    boolean isEnded() {
        return ready || failure != null;
    }

    /** Whether a stage is being run. */
    boolean isAtWork() {
        return stages.stream().anyMatch(s -> s.state().equals("Running"));
    }
}
