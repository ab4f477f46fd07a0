package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which parameters receive gradients. */
public enum MethodType {
    /** A low-rank adapter. */
    @JsonProperty("LoRA")
    LORA,
    /** All weights. */
    @JsonProperty("Full")
    FULL
}
