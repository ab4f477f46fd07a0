package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a line of a dataset is read. */
public enum DatasetFormat {
    /** A chat: {@code messages}, each with {@code role} and {@code content}. */
    @JsonProperty("Messages")
    MESSAGES
}
