package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is published of a fine-tuned model. */
public enum OutputContent {
    /** A whole model with the adapter merged in. */
    @JsonProperty("Merged")
    MERGED,
    /** The adapter alone, in PEFT's format. */
    @JsonProperty("Adapter")
    ADAPTER
}
