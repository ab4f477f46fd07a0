package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How long what a run has made is kept after its end; the resource itself is never deleted. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CleanupSpec(
        @JsonPropertyDescription(
                "How long the Jobs of an ended run, their pods and logs are kept, such as 1h; 0s: they go at once.")
        @Default("1h")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(
                value = Durations.ANY,
                message = "pods must be a whole number and s, m or h, such as 1h; 0s to delete them at once")
        String pods,

        @JsonPropertyDescription(
                "How long the volume of an ended run is kept, such as 24h; 0s: it goes at once. Nothing that was published lies there.")
        @Default("0s")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(
                value = Durations.ANY,
                message = "scratch must be a whole number and s, m or h, such as 24h; 0s to delete it at once")
        String scratch) {
    static final CleanupSpec DEFAULT = new CleanupSpec("1h", "0s");

    public CleanupSpec {
        pods = Given.or(pods, "1h");
        scratch = Given.or(scratch, "0s");
    }
}
