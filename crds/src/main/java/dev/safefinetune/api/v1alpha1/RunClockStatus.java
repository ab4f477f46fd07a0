package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;

/** How the run has spent its time; its deadlines are held against this. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunClockStatus(
        @JsonPropertyDescription("What the run has spent its time on since then.") @Required
        ClockState state,

        @JsonPropertyDescription("Since when.") @Required Instant since,

        @JsonPropertyDescription("Seconds in queues before that.") @Required
        Long queuedSeconds,

        @JsonPropertyDescription("Seconds at work before that.") @Required
        Long activeSeconds) {}
