package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.safefinetune.contract.Defaults;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Holds the model's hidden states at a few requests to the base model's own. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnchorSpec(
        @JsonPropertyDescription(
                "Enabled: in each step of training and cooldown, with the vector off, at requests that lie beside the vector: some that the base model refuses and some that look like them and are allowed. Disabled: not at all. Without effect with protection None.")
        @Default("Enabled")
        AnchorMode mode,

        @JsonPropertyDescription(
                "How much this counts beside the loss, a number above 0 written as a string. It is relative to how far the base model's own states are apart, so that one weight serves all models. Left out: "
                        + Defaults.Anchor.WEIGHT
                        + ", and " + Defaults.Anchor.FULL_WEIGHT
                        + " where spec.method.type is Full. Without effect where mode is Disabled.")
        @Size(max = 32)
        @ValidationRule(
                value = "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) > 0.0",
                message = "weight must be a number above 0 written as a string, such as \"1\"")
        @Nullable
        String weight) {
    static final AnchorSpec DEFAULT = new AnchorSpec(AnchorMode.ENABLED, null);

    public AnchorSpec {
        mode = Given.or(mode, AnchorMode.ENABLED);
    }
}
