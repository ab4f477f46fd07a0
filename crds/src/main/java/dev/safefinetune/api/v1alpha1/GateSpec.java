package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Which samples are left out of the optimizer's steps because the vector already explains them. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.unit) || self.unit == 'Samples' || !has(self.mode) || self.mode == 'Calibrated'",
        message = "unit Tokens needs mode Calibrated: there is no other threshold for single tokens",
        fieldPath = ".unit")
@ValidationRule(
        value = "has(self.drop) == (has(self.mode) && self.mode == 'Fixed')",
        message = "drop must be given exactly when mode is Fixed, such as {mode: Fixed, drop: \"0.8\"}",
        fieldPath = ".drop")
public record GateSpec(
        @JsonPropertyDescription(
                "Calibrated: by the threshold from the vector's own assessment. Fixed: by the threshold in drop. Disabled: none are left out, and samples that refuse are trained with the vector on.")
        @Default("Calibrated")
        GateMode mode,

        @JsonPropertyDescription(
                "Threshold in nats per answer token on how far a sample's loss falls when the vector is switched on, a number above 0 written as a string; only with mode Fixed.")
        @Size(max = 32)
        @ValidationRule(
                value = "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) > 0.0",
                message = "drop must be a number above 0 written as a string, such as \"0.8\"")
        @Nullable
        String drop,

        @JsonPropertyDescription(
                "Samples: whole samples are left out. Tokens: single tokens are masked from the loss, and a sample of which more than half is masked is left out; where the vector has no thresholds for tokens, whole samples are left out.")
        @Default("Samples")
        GateUnit unit) {
    static final GateSpec DEFAULT = new GateSpec(GateMode.CALIBRATED, null, GateUnit.SAMPLES);

    public GateSpec {
        mode = Given.or(mode, GateMode.CALIBRATED);
        unit = Given.or(unit, GateUnit.SAMPLES);
    }
}
