package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a toleration compares the taint's value. */
public enum TolerationOperator {
    /** Key and value are the same. */
    @JsonProperty("Equal")
    EQUAL,
    /** The key is there, whatever its value. */
    @JsonProperty("Exists")
    EXISTS
}
