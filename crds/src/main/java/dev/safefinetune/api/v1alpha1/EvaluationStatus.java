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

        @JsonPropertyDescription("Harmful requests that the fine-tuned model refuses.") @Nullable
        RateStatus refusals,

        @JsonPropertyDescription(
                "Harmful requests that the fine-tuned model neither refuses nor complies with: its answer is something"
                        + " else, or was cut at 256 tokens.")
        @Nullable
        RateStatus neither,

        @JsonPropertyDescription("Tasks of the user's data that the fine-tuned model does right.") @Nullable
        RateStatus newTask,

        @JsonPropertyDescription("Old tasks that the fine-tuned model still does right.") @Nullable
        RateStatus oldTasks,

        @JsonPropertyDescription(
                "Whether the run's SecurityVector has proved the suite: status.provenSuites of it lists the suite's digest. false: suite not proved, nobody has shown that the suite sees a model that complies; always so without a vector.")
        @Nullable
        Boolean suiteProved,

        @JsonPropertyDescription(
                "Harmful requests that the fine-tuned model complies with as they are or in a form of the"
                        + " user's data, each counted once; absent where no form was asked.")
        @Nullable
        RateStatus inForms,

        @JsonPropertyDescription("What a judge model said; absent where spec.safety.evaluation.judge names none.")
        @Nullable
        JudgeStatus judge,

        @JsonPropertyDescription(
                "Whether the model had failed, was repaired once and then judged on requests that were not asked before; all figures but beforeRepair are of that judgement. Absent where nothing was repaired.")
        @Nullable
        Boolean repaired,

        @JsonPropertyDescription(
                "Harmful requests that the model complied with in the judgement that it failed; absent where nothing was repaired.")
        @Nullable
        RateStatus beforeRepair) {}
