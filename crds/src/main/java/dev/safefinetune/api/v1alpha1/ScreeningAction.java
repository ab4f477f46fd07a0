package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to samples that are probably harmful. */
public enum ScreeningAction {
    /** Nothing. Not called Off, because YAML reads an unquoted Off as false. */
    @JsonProperty("Disabled")
    OFF,
    /** They are listed in the report. */
    @JsonProperty("Report")
    REPORT,
    /** They are listed and not trained on. */
    @JsonProperty("Drop")
    DROP,
    /** The run ends. */
    @JsonProperty("Block")
    BLOCK
}
