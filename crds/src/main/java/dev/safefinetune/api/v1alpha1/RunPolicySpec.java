package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How a run is carried out; a change here never starts a new run. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunPolicySpec(
        @JsonPropertyDescription(
                "Longest time that the run's stages may be at work in all, such as 6h; time in a queue or suspended is not counted.")
        @Default("6h")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(
                value = Durations.POSITIVE,
                message = "activeDeadline must be a whole number above 0 and s, m or h, such as 6h")
        String activeDeadline,

        @JsonPropertyDescription(
                "Longest time that the run may wait in all, such as 24h: for a place, an image or a volume for its pods, or until the API server lets the next stage begin; time suspended is not counted.")
        @Default("24h")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(
                value = Durations.POSITIVE,
                message = "queueDeadline must be a whole number above 0 and s, m or h, such as 24h")
        String queueDeadline,

        @JsonPropertyDescription(
                "How often a stage is tried again after a fault that is not the user's, such as a full disk; a pod that its node gave up is replaced without being counted.")
        @Default("2")
        @Min(0)
        @Max(20)
        Integer maxRetries,

        @JsonPropertyDescription("How long what the run has made is kept after its end.") @Default("{}")
        CleanupSpec cleanup) {
    static final RunPolicySpec DEFAULT = new RunPolicySpec("6h", "24h", 2, CleanupSpec.DEFAULT);

    public RunPolicySpec {
        activeDeadline = Given.or(activeDeadline, "6h");
        queueDeadline = Given.or(queueDeadline, "24h");
        maxRetries = Given.or(maxRetries, 2);
        cleanup = Given.or(cleanup, CleanupSpec.DEFAULT);
    }
}
