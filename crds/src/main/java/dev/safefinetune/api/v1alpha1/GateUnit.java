package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a gate leaves out. */
public enum GateUnit {
    /** Whole samples. */
    @JsonProperty("Samples")
    SAMPLES,
    /** Single tokens, and a sample of which more than half is left out. */
    @JsonProperty("Tokens")
    TOKENS
}
