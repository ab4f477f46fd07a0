package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is published of a fine-tuned model. */
public enum PublishedContent {
    /** A whole model with the adapter merged in. */
    @JsonProperty("Merged")
    MERGED,
    /** The adapter alone, in PEFT's format. */
    @JsonProperty("Adapter")
    ADAPTER
}
