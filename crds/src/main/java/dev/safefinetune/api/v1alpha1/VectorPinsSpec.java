package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which security vectors runs may be trained with. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VectorPinsSpec(
        @JsonPropertyDescription(
                "Pinned: each vector of a run must be one of pinned, or a SecurityVector of one of namespaces; where both are left out, one that another policy of the namespace pins, and without any such policy every run is refused. Any: users bring their own.")
        @Default("Pinned")
        PinnedOrAny from,

        @JsonPropertyDescription("Vectors that count, known by the digest on their SecurityVector's status.")
        @Size(min = 1, max = 64)
        @Nullable
        List<DigestPin> pinned,

        @JsonPropertyDescription(
                "Namespaces whose SecurityVectors count, because only trusted people may make vectors in them.")
        @Size(min = 1, max = 64)
        @Nullable
        List<@Size(min = 1, max = 63) String> namespaces,

        @JsonPropertyDescription(
                "What a vector that is not pinned by its digest must have been held to: its own spec.readiness must be at least as strict. A vector that is pinned by its digest is not asked.")
        @Default("{}")
        ReadinessSpec readiness) {
    static final VectorPinsSpec DEFAULT = new VectorPinsSpec(PinnedOrAny.PINNED, null, null, ReadinessSpec.DEFAULT);

    public VectorPinsSpec {
        from = Given.or(from, PinnedOrAny.PINNED);
        pinned = pinned == null ? null : List.copyOf(pinned);
        namespaces = namespaces == null ? null : List.copyOf(namespaces);
        readiness = Given.or(readiness, ReadinessSpec.DEFAULT);
    }
}
