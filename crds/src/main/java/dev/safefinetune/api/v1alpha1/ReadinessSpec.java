package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What a security vector is held to, per harm category, before it may be used. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReadinessSpec(
        @JsonPropertyDescription(
                "Least share of the loss on held-out harmful samples that the vector explains, from 0 to 1 written as a string.")
        @Default("0.8")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "minExplained must be a number from 0 to 1 written as a string, such as \"0.8\"")
        String minExplained,

        @JsonPropertyDescription(
                "Least share of held-out harmful samples whose first answer token is the most likely one with the vector on, from 0 to 1 written as a string.")
        @Default("0.95")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "minFirstTokenCompliance must be a number from 0 to 1 written as a string, such as \"0.95\"")
        String minFirstTokenCompliance,

        @JsonPropertyDescription(
                "Most of the gradient's norm on held-out harmful samples that may be left with the vector on, from 0 to 1 written as a string.")
        @Default("0.5")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "maxGradientRatio must be a number from 0 to 1 written as a string, such as \"0.5\"")
        String maxGradientRatio,

        @JsonPropertyDescription(
                "Most that the loss on benign samples may rise with the vector on, in nats per answer token, from 0 to 100 written as a string.")
        @Default("0.1")
        @Size(max = 32)
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) >= 0.0 && double(self) <= 100.0",
                message = "maxBenignIncrease must be a number from 0 to 100 written as a string, such as \"0.1\"")
        String maxBenignIncrease) {
    static final ReadinessSpec DEFAULT = new ReadinessSpec("0.8", "0.95", "0.5", "0.1");

    public ReadinessSpec {
        minExplained = Given.or(minExplained, "0.8");
        minFirstTokenCompliance = Given.or(minFirstTokenCompliance, "0.95");
        maxGradientRatio = Given.or(maxGradientRatio, "0.5");
        maxBenignIncrease = Given.or(maxBenignIncrease, "0.1");
    }
}
