package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The run that the status is about. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunStatus(
        @JsonPropertyDescription(
                "Name of the run, made of the resource's name and the generation of the spec that it began with: a changed spec starts a new run; a changed suspend, runPolicy or checkpoint does not, and changed resources only once the run has failed.")
        @Required
        String id,

        @JsonPropertyDescription("Digest of what of the spec makes a run another one.") @Nullable
        String specHash,

        @JsonPropertyDescription(
                "Short digests, by name, of the parts of the spec that make a run another one, and of resources, which does so once the run has failed; where a run takes another one's place, they tell what was changed.")
        @Nullable
        Map<String, String> specParts,

        @JsonPropertyDescription("When the run's first Job was made.") @Nullable
        Instant startTime,

        @JsonPropertyDescription("When the run ended.") @Nullable
        Instant completionTime,

        @JsonPropertyDescription("How the run has spent its time.") @Nullable
        RunClockStatus clock,

        @JsonPropertyDescription(
                "What training computes on, fixed when it begins: a spec.resources that is changed later changes it no more, and the stages after training compute on the same.")
        @Nullable
        TrainingStatus training) {
    public RunStatus {
        specParts = specParts == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(specParts));
    }
}
