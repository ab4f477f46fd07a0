package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** Steps with the vector off on trusted data after training. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CooldownSpec(
        @JsonPropertyDescription(
                "Trusted samples, in the format of the dataset; about 100 are enough. Refusals among them keep a long cooldown from wearing the model's own down.")
        @Required
        SourceSpec dataset,

        @JsonPropertyDescription("Optimizer steps with the vector off, at a quarter of the learning rate.")
        @Default("20")
        @Min(1)
        @Max(100000)
        Integer steps) {
    public CooldownSpec {
        steps = Given.or(steps, 20);
    }
}
