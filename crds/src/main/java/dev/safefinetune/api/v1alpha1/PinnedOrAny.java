package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose choice something is. */
public enum PinnedOrAny {
    /** The policy's: what it names, and nothing else. */
    @JsonProperty("Pinned")
    PINNED,
    /** The user's. */
    @JsonProperty("Any")
    ANY
}
