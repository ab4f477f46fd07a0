package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which trusted samples of a user's a cooldown may train on. */
public enum CooldownDatasets {
    /** Any that the user names. */
    @JsonProperty("Any")
    ANY,
    /** Those that the policy pins. */
    @JsonProperty("Pinned")
    PINNED,
    /** None. */
    @JsonProperty("None")
    NONE
}
