package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One stage of the run. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StageStatus(
        @JsonPropertyDescription("Name of the stage.") @Required
        String name,

        @JsonPropertyDescription("Where the stage is.") @Required
        StageState state,

        @JsonPropertyDescription("How long the stage took, from its Job's start to its end.") @Nullable
        Long seconds,

        @JsonPropertyDescription("Name of the stage's Job.") @Nullable
        String job,

        @JsonPropertyDescription(
                "Pods that were made for the stage and counted by its Job; one that its node gave up is not. A repair counts as one more.")
        @Nullable
        Integer attempts,

        @JsonPropertyDescription("Why the stage failed or is held up, in one word; docs/conditions.md lists them.")
        @Nullable
        String reason,

        @JsonPropertyDescription("Why the stage failed or is held up, in a sentence.") @Nullable
        String message,

        @JsonPropertyDescription(
                "Digests of what the stage left on the run's volume, by artifact; the next stage refuses anything else.")
        @Nullable
        Map<String, String> outputs,

        @JsonPropertyDescription(
                "Digest of the work that the operator has planned for the stage, written down before its Job is made. A Job under the stage's name that does other work is not the operator's, and nothing is read off it.")
        @Nullable
        String planned) {
    /** One of which nothing is planned yet. */
    public StageStatus(
            String name,
            StageState state,
            @Nullable Long seconds,
            @Nullable String job,
            @Nullable Integer attempts,
            @Nullable String reason,
            @Nullable String message,
            @Nullable Map<String, String> outputs) {
        this(name, state, seconds, job, attempts, reason, message, outputs, null);
    }

    /** The same, with what is planned. */
    public StageStatus plannedAs(@Nullable String digest) {
        return new StageStatus(name, state, seconds, job, attempts, reason, message, outputs, digest);
    }
}
