package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** In what a training computes. */
public enum Precision {
    /** bfloat16 on NVIDIA GPUs, float32 on processors. */
    @JsonProperty("Auto")
    AUTO,
    @JsonProperty("Float32")
    FLOAT32,
    @JsonProperty("BFloat16")
    BFLOAT16
}
