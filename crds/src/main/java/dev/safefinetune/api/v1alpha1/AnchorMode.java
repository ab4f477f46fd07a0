package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the model's hidden states are held while it learns. */
public enum AnchorMode {
    /** In each step of training and cooldown. */
    @JsonProperty("Enabled")
    ENABLED,
    /** Not at all. */
    @JsonProperty("Disabled")
    DISABLED
}
