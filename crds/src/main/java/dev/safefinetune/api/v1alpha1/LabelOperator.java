package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a label is compared. */
public enum LabelOperator {
    /** The value is one of those given. */
    @JsonProperty("In")
    IN,
    /** The value is none of those given, or the label is absent. */
    @JsonProperty("NotIn")
    NOT_IN,
    /** The label is there. */
    @JsonProperty("Exists")
    EXISTS,
    /** The label is absent. */
    @JsonProperty("DoesNotExist")
    DOES_NOT_EXIST
}
