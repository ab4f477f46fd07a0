package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a line of a dataset is read. */
public enum DatasetFormat {
    /** A chat, in one of the forms of public datasets. */
    @JsonProperty("Messages")
    MESSAGES,
    /** Plain text: {@code text}. */
    @JsonProperty("Text")
    TEXT
}
