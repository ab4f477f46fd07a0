package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Effect of a taint. */
public enum TaintEffect {
    /** No new pods. */
    @JsonProperty("NoSchedule")
    NO_SCHEDULE,
    /** Rather no new pods. */
    @JsonProperty("PreferNoSchedule")
    PREFER_NO_SCHEDULE,
    /** No pods at all. */
    @JsonProperty("NoExecute")
    NO_EXECUTE
}
