package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to samples whose loss drop marks them as probably harmful. */
public enum ScreeningAction {
    @JsonProperty("Off")
    OFF,
    /** List them in the report. */
    @JsonProperty("Report")
    REPORT,
    /** List them and leave them out of training altogether. */
    @JsonProperty("Drop")
    DROP,
    /** End the run, as the user's fault. */
    @JsonProperty("Block")
    BLOCK
}
