package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which of the user's samples are trained with the security vector attached. ADR 0011 has what was measured. */
public enum VectorScope {
    /**
     * All that the gate lets through. Harmful samples that the screening misses still meet the vector, and a cooldown
     * afterwards restores what the vector covered.
     */
    @JsonProperty("AllSamples")
    ALL_SAMPLES,

    /**
     * Those between clearly harmless and flagged alone; the base's own refusals are mixed into each step. It rests on the
     * screening: a harmful sample that looks clearly harmless is trained without the vector.
     */
    @JsonProperty("DoubtfulSamples")
    DOUBTFUL_SAMPLES
}
