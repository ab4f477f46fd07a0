package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** Data held out of training. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ValidationSpec(
        @JsonPropertyDescription(
                "Share of the samples, in percent, that is held out to measure the validation loss; 0 for none.")
        @Default("2")
        @Min(0)
        @Max(50)
        Integer splitPercent) {
    static final ValidationSpec DEFAULT = new ValidationSpec(2);

    public ValidationSpec {
        splitPercent = Given.or(splitPercent, 2);
    }
}
