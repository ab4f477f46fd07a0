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
public record SecurityVectorStatus(
        @JsonPropertyDescription(
                "Generation of the spec that the status is about; -1 before the operator has seen the resource.")
        @Default("-1")
        Long observedGeneration,

        @JsonPropertyDescription("Where the vector is, in one word.") @Nullable
        VectorPhase phase,

        @JsonPropertyDescription("The run that the status is about.") @Nullable
        RunStatus run,

        @JsonPropertyDescription("Observations by aspect; Ready is True once the vector may be used.")
        @Size(max = 32)
        @Nullable
        List<ConditionStatus> conditions,

        @JsonPropertyDescription("How far the current stage is.") @Nullable
        ProgressStatus progress,

        @JsonPropertyDescription("The stages of the run, in order.") @Size(max = 16) @Nullable
        List<StageStatus> stages,

        @JsonPropertyDescription("Digest of the vector.") @Nullable
        String digest,

        @JsonPropertyDescription(
                "Digest of the base model that the vector was trained on; no other model may be trained with it.")
        @Nullable
        String baseDigest,

        @JsonPropertyDescription("How good the vector is.") @Nullable
        ReadinessStatus readiness,

        @JsonPropertyDescription(
                "Evaluation suites that the vector has proved: a verdict that another suite gave says that it is not proved. Empty where spec.evaluation names none.")
        @Size(max = 64)
        @Nullable
        List<ProvenSuiteStatus> provenSuites,

        @JsonPropertyDescription("Where the vector is kept.") @Nullable
        OutputStatus storage,

        @JsonPropertyDescription(
                "Image of the trainer with which the run began; stages that begin after an upgrade of the operator have the new one.")
        @Nullable
        String image) {
    public SecurityVectorStatus {
        observedGeneration = Given.or(observedGeneration, -1L);
    }
}
