package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a fine-tuning run is. */
public enum FineTunePhase {
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
    /** The model is fine-tuned. */
    @JsonProperty("Training")
    TRAINING,
    /** The fine-tuned model is judged. */
    @JsonProperty("Evaluating")
    EVALUATING,
    /** The model is published. */
    @JsonProperty("Publishing")
    PUBLISHING,
    /** The model is published with its report. */
    @JsonProperty("Succeeded")
    SUCCEEDED,
    /** The run ended without a published model. */
    @JsonProperty("Failed")
    FAILED,
    /** The wish itself is refused; nothing was run. */
    @JsonProperty("Rejected")
    REJECTED
}
