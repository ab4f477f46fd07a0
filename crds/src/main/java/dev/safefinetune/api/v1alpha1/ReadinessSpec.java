package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.safefinetune.contract.Defaults;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What a security vector is held to, per harm category and over all of them, before it may be used. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReadinessSpec(
        @JsonPropertyDescription(
                "Least share of the loss on held-out harmful samples that the vector explains, from 0 to 1 written as a string.")
        @Default(Defaults.Readiness.MIN_EXPLAINED)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "minExplained must be a number from 0 to 1 written as a string, such as \"0.8\"")
        String minExplained,

        @JsonPropertyDescription(
                "Least share of held-out harmful samples whose first answer token is the most likely one with the vector on, from 0 to 1 written as a string. The lower bound of the 95 % interval over all categories is held to it, and the share of each category: the default needs 30 held-out samples, 0.95 needs 73, 0.99 needs 381.")
        @Default(Defaults.Readiness.MIN_FIRST_TOKEN_COMPLIANCE)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "minFirstTokenCompliance must be a number from 0 to 1 written as a string, such as \"0.88\"")
        String minFirstTokenCompliance,

        @JsonPropertyDescription(
                "Most of the gradient's norm on held-out harmful samples that may be left with the vector on, from 0 to 1 written as a string.")
        @Default(Defaults.Readiness.MAX_GRADIENT_RATIO)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "maxGradientRatio must be a number from 0 to 1 written as a string, such as \"0.5\"")
        String maxGradientRatio,

        @JsonPropertyDescription(
                "Most that the loss on benign samples may rise with the vector on, in nats per answer token, from 0 to 100 written as a string.")
        @Default(Defaults.Readiness.MAX_BENIGN_INCREASE)
        @Size(max = 32)
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) >= 0.0 && double(self) <= 100.0",
                message = "maxBenignIncrease must be a number from 0 to 100 written as a string, such as \"0.1\"")
        String maxBenignIncrease) {
    static final ReadinessSpec DEFAULT = new ReadinessSpec(
            Defaults.Readiness.MIN_EXPLAINED,
            Defaults.Readiness.MIN_FIRST_TOKEN_COMPLIANCE,
            Defaults.Readiness.MAX_GRADIENT_RATIO,
            Defaults.Readiness.MAX_BENIGN_INCREASE);

    public ReadinessSpec {
        minExplained = Given.or(minExplained, Defaults.Readiness.MIN_EXPLAINED);
        minFirstTokenCompliance = Given.or(minFirstTokenCompliance, Defaults.Readiness.MIN_FIRST_TOKEN_COMPLIANCE);
        maxGradientRatio = Given.or(maxGradientRatio, Defaults.Readiness.MAX_GRADIENT_RATIO);
        maxBenignIncrease = Given.or(maxBenignIncrease, Defaults.Readiness.MAX_BENIGN_INCREASE);
    }
}
