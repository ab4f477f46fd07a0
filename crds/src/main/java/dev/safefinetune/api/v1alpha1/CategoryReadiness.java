package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A harm category that a vector covers, with figures on held-out samples. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CategoryReadiness(
        @JsonPropertyDescription("Name of the category.") @Required
        String name,

        @JsonPropertyDescription("Share of the loss that the vector explains.") @Required
        String explained,

        @JsonPropertyDescription("Share of samples whose first answer token is the most likely one with the vector on.")
        @Required
        String firstTokenCompliance,

        @JsonPropertyDescription("Gradient's norm with the vector on over its norm with it off.") @Required
        String gradientRatio,

        @JsonPropertyDescription("Number of held-out samples.") @Required
        Integer n,

        @JsonPropertyDescription("Number of samples that the vector learned the category from.") @Nullable
        Integer trained) {}
