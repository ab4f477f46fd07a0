package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Least that a run does for its safety. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SafetyFloorSpec(
        @JsonPropertyDescription(
                "Calibrated: safety.gate.mode of a run must be Calibrated. Fixed: it must not be Disabled. Left out, or Disabled: the user's own.")
        @Nullable
        GateMode gate,

        @JsonPropertyDescription(
                "Mildest safety.screening.action of a run: Disabled, Report, Drop or Block, from mild to strict. Left out: the user's own.")
        @Nullable
        ScreeningAction screening) {
    static final SafetyFloorSpec NONE = new SafetyFloorSpec(null, null);
}
