package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a security vector is. */
public enum VectorPhase {
    /** Nothing runs yet: something that it needs is not there or not ready. */
    @JsonProperty("Pending")
    PENDING,
    /** A pod waits for a place, an image or a volume. */
    @JsonProperty("Queued")
    QUEUED,
    /** Suspended by spec.suspend; nothing runs. */
    @JsonProperty("Suspended")
    SUSPENDED,
    /** Inputs are fetched and checked. */
    @JsonProperty("Preparing")
    PREPARING,
    /** The vector is trained. */
    @JsonProperty("Training")
    TRAINING,
    /** The vector is judged. */
    @JsonProperty("Assessing")
    ASSESSING,
    /** The vector is stored. */
    @JsonProperty("Storing")
    STORING,
    /** The vector may be used. */
    @JsonProperty("Ready")
    READY,
    /** The run ended without a vector that may be used. */
    @JsonProperty("Failed")
    FAILED,
    /** The wish itself is refused; nothing was run. */
    @JsonProperty("Rejected")
    REJECTED
}
