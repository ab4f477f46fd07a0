package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is done about a model that fails its judgement on harm alone. */
public enum Repair {
    /** Nothing: the verdict stands. */
    @JsonProperty("Disabled")
    DISABLED,
    /** A few steps on the base's own answers, and one judgement more, on requests that the first one did not ask. */
    @JsonProperty("Once")
    ONCE;

    /** Optimizer steps of a repair. */
    public static final int STEPS = 30;

    /** Different harmful requests that each of the two judgements needs. */
    public static final int LEAST_REQUESTS = 189;
}
