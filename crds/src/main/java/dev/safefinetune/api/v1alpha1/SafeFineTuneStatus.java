package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator observed. */
@JsonClassDescription("What the operator observed.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SafeFineTuneStatus(
        @JsonPropertyDescription(
                "Generation of the spec that the status is about; -1 before the operator has seen the resource.")
        @Default("-1")
        Long observedGeneration,

        @JsonPropertyDescription("Where the run is, in one word.") @Nullable
        FineTunePhase phase,

        @JsonPropertyDescription("The run that the status is about.") @Nullable
        RunStatus run,

        @JsonPropertyDescription("Observations by aspect; Ready is True once the model is published.")
        @Size(max = 32)
        @Nullable
        List<ConditionStatus> conditions,

        @JsonPropertyDescription("How far the current stage is.") @Nullable
        ProgressStatus progress,

        @JsonPropertyDescription("The stages of the run, in order.") @Size(max = 16) @Nullable
        List<StageStatus> stages,

        @JsonPropertyDescription("What the run is pinned to.") @Nullable
        ResolvedStatus resolved,

        @JsonPropertyDescription("What is known of the model's safety.") @Nullable
        SafetyStatus safety,

        @JsonPropertyDescription("What was published.") @Nullable
        OutputStatus output) {
    public SafeFineTuneStatus {
        observedGeneration = Given.or(observedGeneration, -1L);
    }
}
