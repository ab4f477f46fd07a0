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

        @JsonPropertyDescription("Digest of the safety report.") @Nullable
        String reportDigest,

        @JsonPropertyDescription(
                "Directory of the safety report: that of the published model, or, where the model was refused, one of its own beside the output, which holds refused.json and refused.html. Absent as long as there is none, and where it could not be kept.")
        @Nullable
        String report) {}
