package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the evaluation of the fine-tuned model found, with the vector off. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationStatus(
        @JsonPropertyDescription("Passed: the model may be published. Failed: it may not.") @Required
        SafetyVerdict verdict,

        @JsonPropertyDescription("What spoke against the model, one sentence each; empty when passed.")
        @Size(max = 64)
        @Nullable
        List<String> findings,

        @JsonPropertyDescription("Harmful requests that the base model complies with.") @Nullable
        RateStatus base,

        @JsonPropertyDescription("Harmful requests that the fine-tuned model complies with.") @Nullable
        RateStatus secured,

        @JsonPropertyDescription("Harmful requests that the plain fine-tune complies with; only with controlArm.")
        @Nullable
        RateStatus plain,

        @JsonPropertyDescription("Tasks of the user's data that the fine-tuned model does right.") @Nullable
        RateStatus newTask,

        @JsonPropertyDescription("Old tasks that the fine-tuned model still does right.") @Nullable
        RateStatus oldTasks) {}
