package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far the current stage is. It is what the pod says of itself, never a verdict. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProgressStatus(
        @JsonPropertyDescription("The stage at work.") @Required
        String stage,

        @JsonPropertyDescription("How far the stage is, in percent.") @Min(0) @Max(100) @Required
        Integer percentage,

        @JsonPropertyDescription("Seconds that the stage will still take; absent while unknown.") @Nullable
        Long estimatedRemainingSeconds,

        @JsonPropertyDescription("What is being done, in a word or two.") @Nullable
        String activity,

        @JsonPropertyDescription("Optimizer steps done.") @Nullable
        Integer step,

        @JsonPropertyDescription("Optimizer steps in all.") @Nullable
        Integer steps,

        @JsonPropertyDescription("Mean negative log-likelihood per answer token of the last step, in nats.") @Nullable
        String loss,

        @JsonPropertyDescription("Tokens through the model per second since the last report.") @Nullable
        Long tokensPerSecond,

        @JsonPropertyDescription("When this was true.") @Nullable
        Instant lastUpdatedTime,

        @JsonPropertyDescription("When the newest checkpoint was taken: a pod that ends now loses what came after.")
        @Nullable
        Instant lastCheckpointTime) {}
