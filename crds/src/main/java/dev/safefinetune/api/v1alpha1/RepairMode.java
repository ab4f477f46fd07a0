package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is done about a model that fails its judgement on harm alone. */
public enum RepairMode {
    /** Nothing. */
    @JsonProperty("Disabled")
    DISABLED,
    /** It is trained for a few steps on the base model's own answers, and judged once more. */
    @JsonProperty("Once")
    ONCE
}
