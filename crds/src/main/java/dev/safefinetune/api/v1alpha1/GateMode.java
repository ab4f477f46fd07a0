package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the gate's threshold comes from. */
public enum GateMode {
    /** The vector's own assessment. */
    @JsonProperty("Calibrated")
    CALIBRATED,
    /** The user. */
    @JsonProperty("Fixed")
    FIXED,
    /** Nowhere: no sample is left out. Not called Off, because YAML reads an unquoted Off as false. */
    @JsonProperty("Disabled")
    OFF
}
