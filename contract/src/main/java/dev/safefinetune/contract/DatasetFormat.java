package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the rows of a dataset are. */
public enum DatasetFormat {
    /** Conversations, in any of the forms that public datasets have; the answers bear loss. */
    @JsonProperty("Messages")
    MESSAGES,
    /** Plain text without a chat template; every token but the first bears loss. */
    @JsonProperty("Text")
    TEXT
}
