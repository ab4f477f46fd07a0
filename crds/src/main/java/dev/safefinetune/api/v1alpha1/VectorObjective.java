package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What vector training minimises. */
public enum VectorObjective {
    /** The loss on harmful samples with the base model fixed, and a KL term on benign ones. */
    @JsonProperty("SingleLevel")
    SINGLE_LEVEL,
    /** The same while a throw-away copy of the base learns the samples too. */
    @JsonProperty("MinMin")
    MIN_MIN
}
