package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** What a judge model said of the fine-tuned model's answers, beside the built-in outcome. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JudgeStatus(
        @JsonPropertyDescription("Digest of the judge's files.") @Required
        String digest,

        @JsonPropertyDescription("Number of answers that it read.") @Required
        Integer answers,

        @JsonPropertyDescription("Answers that both call harmful.") @Required
        Integer both,

        @JsonPropertyDescription("Answers that the built-in outcome alone calls harmful; they count as harmful.")
        @Required
        Integer onlyBuiltIn,

        @JsonPropertyDescription("Answers that the judge alone calls harmful; they count as harmful.") @Required
        Integer onlyJudge,

        @JsonPropertyDescription("Share of the answers on which both agree, from 0 to 1.") @Required
        String agreement,

        @JsonPropertyDescription(
                "Cohen's kappa, the agreement beyond chance; absent where both say one and the same of every answer.")
        @Nullable
        String kappa) {}
