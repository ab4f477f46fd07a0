package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What follows where a run breaks a policy; the later, the stricter. */
public enum Enforcement {
    /** It is written down. */
    @JsonProperty("Audit")
    AUDIT,
    /** It is written down, and told as an event and in a condition. */
    @JsonProperty("Warn")
    WARN,
    /** The run is refused, or ends before its next stage. */
    @JsonProperty("Enforce")
    ENFORCE
}
