package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A part of a policy that a waiver can lift. */
public enum PolicyRule {
    /** Its allowedModels and baseModels. */
    @JsonProperty("BaseModels")
    BASE_MODELS,
    /** Its requireVector and securityVectors. */
    @JsonProperty("SecurityVectors")
    SECURITY_VECTORS,
    /** Its suites. */
    @JsonProperty("Suites")
    SUITES,
    /** Its safety. */
    @JsonProperty("Safety")
    SAFETY,
    /** Its cooldown. */
    @JsonProperty("Cooldown")
    COOLDOWN,
    /** Its limits. */
    @JsonProperty("Limits")
    LIMITS,
    /** Its thresholds. */
    @JsonProperty("Thresholds")
    THRESHOLDS
}
