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
        Map<String, String> outputs) {}
