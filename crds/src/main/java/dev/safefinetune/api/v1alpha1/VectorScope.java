package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which samples are trained with the security vector attached. */
public enum VectorScope {
    /** All that the gate lets through. */
    @JsonProperty("AllSamples")
    ALL_SAMPLES,
    /** Those between clearly harmless and flagged alone. */
    @JsonProperty("DoubtfulSamples")
    DOUBTFUL_SAMPLES
}
