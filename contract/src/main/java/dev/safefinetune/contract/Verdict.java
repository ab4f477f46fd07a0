package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Outcome of a judgement of safety. Only {@code Passed} leads on. */
public enum Verdict {
    @JsonProperty("Passed")
    PASSED,
    @JsonProperty("Failed")
    FAILED
}
