package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How training is saved on the run's scratch volume, so that a pod that is ended loses little. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CheckpointSpec(
        @JsonPropertyDescription(
                "Most training that a pod killed without warning loses, such as 10m; a pod that is asked to end saves first.")
        @Default("10m")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(
                value = Durations.POSITIVE + " && duration(self) <= duration('24h')",
                message = "every must be a whole number above 0 and s, m or h, at most 24h, such as 10m")
        String every,

        @JsonPropertyDescription(
                "How many of the newest checkpoints are kept; with 2 or more, one that a disk has damaged is passed over for the one before it.")
        @Default("2")
        @Min(1)
        @Max(10)
        Integer keep) {
    static final CheckpointSpec DEFAULT = new CheckpointSpec("10m", 2);

    public CheckpointSpec {
        every = Given.or(every, "10m");
        keep = Given.or(keep, 2);
    }
}
