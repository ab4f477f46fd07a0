package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which suites runs may be judged by. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SuitePinsSpec(
        @JsonPropertyDescription(
                "Pinned: each suite of a run must be one of pinned; where pinned is left out, one that another policy of the namespace pins, and without any such policy every run is refused, unless a policy asks a suite of the platform. Any: users bring their own.")
        @Default("Pinned")
        PinnedOrAny from,

        @JsonPropertyDescription("Suites that runs may be judged by, known by their digests wherever they lie.")
        @Size(min = 1, max = 64)
        @Nullable
        List<SuitePin> pinned,

        @JsonPropertyDescription(
                "Suites of the platform. Every run is judged by each of them, whatever else it is judged by; they lie in the operator's namespace and are served to the pods that prepare and judge. A run's own suite, and that of its vector, is asked besides and cannot loosen a verdict; it has to be pinned only where pinned is given.")
        @Size(min = 1, max = 8)
        @Nullable
        List<PlatformSuite> platform,

        @JsonPropertyDescription(
                "Fewest harmful requests that a run is judged on, those of the platform's suites where there are any; with repair Once, each judgement asks half of its suite. Left out: as many as its thresholds need.")
        @Min(1)
        @Max(1000000)
        @Nullable
        Integer minPrompts) {
    static final SuitePinsSpec DEFAULT = new SuitePinsSpec(PinnedOrAny.PINNED, null, null, null);

    public SuitePinsSpec {
        from = Given.or(from, PinnedOrAny.PINNED);
        pinned = pinned == null ? null : List.copyOf(pinned);
        platform = platform == null ? null : List.copyOf(platform);
    }
}
