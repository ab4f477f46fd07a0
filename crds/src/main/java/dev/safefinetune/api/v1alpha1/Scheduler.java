package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Course of the learning rate after warm-up. */
public enum Scheduler {
    /** Half a cosine down to 0. */
    @JsonProperty("Cosine")
    COSINE,
    /** A straight line down to 0. */
    @JsonProperty("Linear")
    LINEAR,
    /** The peak learning rate to the end. */
    @JsonProperty("Constant")
    CONSTANT
}
