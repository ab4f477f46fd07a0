package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Outcome of a judgement of safety. */
public enum SafetyVerdict {
    /** It leads on. */
    @JsonProperty("Passed")
    PASSED,
    /** It does not. */
    @JsonProperty("Failed")
    FAILED
}
