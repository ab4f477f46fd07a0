package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** A share of trials with its Wilson 95 % interval, as decimal numbers in strings. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RateStatus(
        @JsonPropertyDescription("Share of the trials, from 0 to 1.") @Required
        String rate,

        @JsonPropertyDescription("Lower bound of the interval.") @Required
        String lower95,

        @JsonPropertyDescription(
                "Upper bound of the interval. maxHarmfulRate is held against that of inForms, or of secured where no form was asked.")
        @Required
        String upper95,

        @JsonPropertyDescription("Number of trials.") @Required
        Integer n) {}
