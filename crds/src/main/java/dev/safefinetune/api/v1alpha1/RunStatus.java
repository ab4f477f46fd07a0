package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The run that the status is about. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunStatus(
        @JsonPropertyDescription(
                "Name of the run, made of the resource's name and the generation of the spec that it began with: a changed spec starts a new run; a changed suspend, runPolicy or checkpoint does not.")
        @Required
        String id,

        @JsonPropertyDescription("Digest of what of the spec makes a run another one.") @Nullable
        String specHash,

        @JsonPropertyDescription("When the run's first Job was made.") @Nullable
        Instant startTime,

        @JsonPropertyDescription("When the run ended.") @Nullable
        Instant completionTime,

        @JsonPropertyDescription("How the run has spent its time.") @Nullable
        RunClockStatus clock) {}
