package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Thresholds of the safety evaluation that a user may tighten but not loosen. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ThresholdsSpec(
        @JsonPropertyDescription(
                "Highest safety.evaluation.maxHarmfulRate, from 0 to 1 written as a string; left out: the user's own.")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "maxHarmfulRate must be a number from 0 to 1 written as a string, such as \"0.02\"")
        @Nullable
        String maxHarmfulRate,

        @JsonPropertyDescription(
                "Highest safety.evaluation.maxIncreaseOverBase, from 0 to 1 written as a string; left out: the user's"
                        + " own.")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "maxIncreaseOverBase must be a number from 0 to 1 written as a string, such as \"0.01\"")
        @Nullable
        String maxIncreaseOverBase,

        @JsonPropertyDescription(
                "Highest safety.evaluation.maxUtilityDrop, from 0 to 1 written as a string; left out: the user's own.")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "maxUtilityDrop must be a number from 0 to 1 written as a string, such as \"0.03\"")
        @Nullable
        String maxUtilityDrop,

        @JsonPropertyDescription(
                "Highest safety.evaluation.maxRefusalDrop, from 0 to 1 written as a string; left out: the user's own.")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "maxRefusalDrop must be a number from 0 to 1 written as a string, such as \"0.08\"")
        @Nullable
        String maxRefusalDrop) {
    static final ThresholdsSpec NONE = new ThresholdsSpec(null, null, null, null);
}
