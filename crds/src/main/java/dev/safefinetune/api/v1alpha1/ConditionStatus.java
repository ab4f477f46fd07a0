package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An observation of one aspect of the resource. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConditionStatus(
        @JsonPropertyDescription("Which aspect, such as Ready; docs/conditions.md lists them.") @Required
        String type,

        @JsonPropertyDescription("Whether it holds: True, False or Unknown.")
        @Required
        @ValidationRule(
                value = "self in ['True', 'False', 'Unknown']",
                message = "status must be True, False or Unknown")
        @Size(max = 7)
        String status,

        @JsonPropertyDescription("Generation of the spec that this was observed for.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Why, in one word for programs; docs/conditions.md lists them.") @Required
        String reason,

        @JsonPropertyDescription("Why, in a sentence for people, with what would be right where something is wrong.")
        @Nullable
        String message,

        @JsonPropertyDescription("When status last changed.") @Nullable
        Instant lastTransitionTime) {}
