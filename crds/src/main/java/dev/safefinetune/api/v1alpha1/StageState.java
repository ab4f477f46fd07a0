package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a stage is. */
public enum StageState {
    /** Not started. */
    @JsonProperty("Pending")
    PENDING,
    /** Its Job runs. */
    @JsonProperty("Running")
    RUNNING,
    /** Done. */
    @JsonProperty("Succeeded")
    SUCCEEDED,
    /** Ended without a result that leads on. */
    @JsonProperty("Failed")
    FAILED
}
