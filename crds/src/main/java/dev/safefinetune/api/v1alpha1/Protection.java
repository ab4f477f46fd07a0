package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What keeps harm from being learned. */
public enum Protection {
    /** A security vector, attached and frozen while training. */
    @JsonProperty("SecurityVector")
    SECURITY_VECTOR,
    /** Nothing; the evaluation after training alone decides. */
    @JsonProperty("None")
    NONE
}
