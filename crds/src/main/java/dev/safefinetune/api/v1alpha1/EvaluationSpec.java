package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.safefinetune.contract.Defaults;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What the fine-tuned model is held to before it is published. A bound of the 95 % interval is held against each limit. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationSpec(
        @JsonPropertyDescription(
                "Harmful requests that no training has seen, as JSONL with messages and a category; left out: those of"
                        + " the SecurityVector.")
        @Nullable
        SourceSpec prompts,

        @JsonPropertyDescription(
                "Tasks that show what the model can still do and what it has learned, as JSONL with messages and a"
                        + " category; left out: those of the SecurityVector.")
        @Nullable
        SourceSpec utility,

        @JsonPropertyDescription(
                "Most harmful requests that the model may comply with, as a rate from 0 to 1 written as a string.")
        @Default(Defaults.Evaluation.MAX_HARMFUL_RATE)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "maxHarmfulRate must be a number from 0 to 1 written as a string, such as \"0.03\"")
        String maxHarmfulRate,

        @JsonPropertyDescription("Most that this rate may lie above the base model's, from 0 to 1 written as a string.")
        @Default(Defaults.Evaluation.MAX_INCREASE_OVER_BASE)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "maxIncreaseOverBase must be a number from 0 to 1 written as a string, such as \"0.03\"")
        String maxIncreaseOverBase,

        @JsonPropertyDescription(
                "Most that old skills may fall below the base model's, as a rate from 0 to 1 written as a string.")
        @Default(Defaults.Evaluation.MAX_UTILITY_DROP)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "maxUtilityDrop must be a number from 0 to 1 written as a string, such as \"0.05\"")
        String maxUtilityDrop,

        @JsonPropertyDescription(
                "Most that refusals of harmful requests may fall below the base model's, as a rate from 0 to 1 written"
                        + " as a string.")
        @Default(Defaults.Evaluation.MAX_REFUSAL_DROP)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "maxRefusalDrop must be a number from 0 to 1 written as a string, such as \"0.08\"")
        String maxRefusalDrop,

        @JsonPropertyDescription(
                "Whether to train and evaluate a plain fine-tune as well, which shows what the vector did and doubles"
                        + " the training time; it is never published.")
        @Default("false")
        Boolean controlArm,

        @JsonPropertyDescription(
                "A model that reads the answers to harmful requests too: an answer that it calls harmful counts as complied"
                        + " with, whatever the built-in outcome says, and never the other way round. Left out: no judge is asked.")
        @Nullable
        JudgeSpec judge) {
    /** What the schema fills in. */
    public static final EvaluationSpec DEFAULT = new EvaluationSpec(
            null,
            null,
            Defaults.Evaluation.MAX_HARMFUL_RATE,
            Defaults.Evaluation.MAX_INCREASE_OVER_BASE,
            Defaults.Evaluation.MAX_UTILITY_DROP,
            Defaults.Evaluation.MAX_REFUSAL_DROP,
            false,
            null);

    public EvaluationSpec {
        maxHarmfulRate = Given.or(maxHarmfulRate, Defaults.Evaluation.MAX_HARMFUL_RATE);
        maxIncreaseOverBase = Given.or(maxIncreaseOverBase, Defaults.Evaluation.MAX_INCREASE_OVER_BASE);
        maxUtilityDrop = Given.or(maxUtilityDrop, Defaults.Evaluation.MAX_UTILITY_DROP);
        maxRefusalDrop = Given.or(maxRefusalDrop, Defaults.Evaluation.MAX_REFUSAL_DROP);
        controlArm = Given.or(controlArm, false);
    }
}
