package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.safefinetune.contract.Defaults;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Steps with the vector off after training. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CooldownSpec(
        @JsonPropertyDescription(
                "Trusted samples of the user, in the format of the dataset. They are screened as the dataset is, and join the dataset's clearly harmless samples, which are half of the cooldown. The other half are the base model's own refusals and its answers to allowed requests, which lie beside the vector.")
        @Nullable
        SourceSpec dataset,

        @JsonPropertyDescription(
                "Optimizer steps with the vector off; 0 for no cooldown. At most as many as the training before it has, or "
                        + Defaults.Cooldown.STEPS + ".")
        @Default("" + Defaults.Cooldown.STEPS)
        @Min(0)
        @Max(100000)
        Integer steps,

        @JsonPropertyDescription(
                "Learning rate of these steps, a number above 0 and at most 1 written as a string; left out: a quarter of the training's, and at most 5e-4.")
        @Size(max = 32)
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) > 0.0 && double(self) <= 1.0",
                message = "learningRate must be a number above 0 and at most 1 written as a string, such as \"5e-4\"")
        @Nullable
        String learningRate) {
    static final CooldownSpec DEFAULT = new CooldownSpec(null, Defaults.Cooldown.STEPS, null);

    public CooldownSpec {
        steps = Given.or(steps, Defaults.Cooldown.STEPS);
    }
}
