package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a run spends its time on. */
public enum ClockState {
    /** A pod waits for a place, an image or a volume. */
    @JsonProperty("Queued")
    QUEUED,
    /** A stage is at work. */
    @JsonProperty("Active")
    ACTIVE,
    /** The run is suspended, or has ended: no time is counted. */
    @JsonProperty("Stopped")
    STOPPED
}
