package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What is known of the model's safety. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SafetyStatus(
        @JsonPropertyDescription("What screening found in the dataset.") @Nullable
        ScreeningStatus screening,

        @JsonPropertyDescription("What the evaluation of the fine-tuned model found.") @Nullable
        EvaluationStatus evaluation,

        @JsonPropertyDescription("Digest of the safety report that is published with the model.") @Nullable
        String reportDigest) {}
