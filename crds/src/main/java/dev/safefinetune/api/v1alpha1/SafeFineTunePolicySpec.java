package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a platform team holds SafeFineTunes to. Of several policies that select a namespace the strictest counts, field by field. */
@JsonClassDescription(
        "What a platform team holds SafeFineTunes to. Of several policies that select a namespace the strictest counts, field by field.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SafeFineTunePolicySpec(
        @JsonPropertyDescription("Labels of the namespaces that the policy holds in; left empty: all namespaces.")
        @Default("{}")
        NamespaceSelector namespaceSelector,

        @JsonPropertyDescription(
                "Base models that may be fine-tuned, as patterns over model.uri in which * stands for any characters; left out: all.")
        @Size(min = 1, max = 128)
        @Nullable
        List<@Size(min = 1, max = 512) String> allowedModels,

        @JsonPropertyDescription(
                "What follows where a run breaks the policy. Enforce: it is refused, or ends before its next stage. Warn: it goes on, and a condition and an event say what would have been refused. Audit: it goes on, and only its status says so.")
        @Default("Enforce")
        Enforcement enforcement,

        @JsonPropertyDescription(
                "Base models that may be fine-tuned, known by their digests wherever they lie, as status.resolved.model of a run states it; left out: all. A vector is for one base model only, so a pinned vector pins it too.")
        @Size(min = 1, max = 128)
        @Nullable
        List<DigestPin> baseModels,

        @JsonPropertyDescription("Whether every run must be protected by a security vector.") @Default("true")
        Boolean requireVector,

        @JsonPropertyDescription("Which security vectors runs may be trained with.") @Default("{}")
        VectorPinsSpec securityVectors,

        @JsonPropertyDescription("Which suites runs may be judged by.") @Default("{}")
        SuitePinsSpec suites,

        @JsonPropertyDescription("Least that a run does for its safety.") @Default("{}")
        SafetyFloorSpec safety,

        @JsonPropertyDescription("Most that a run may ask for.") @Default("{}")
        LimitsSpec limits,

        @JsonPropertyDescription("What a run's cooldown may be made of.") @Default("{}")
        CooldownLimitsSpec cooldown,

        @JsonPropertyDescription("Thresholds of the safety evaluation that a user may tighten but not loosen.")
        @Default("{}")
        ThresholdsSpec thresholds,

        @JsonPropertyDescription("What the policy lets through for a while, for whom, and why.")
        @Size(max = 128)
        @Nullable
        List<WaiverSpec> waivers) {
    public SafeFineTunePolicySpec {
        namespaceSelector = Given.or(namespaceSelector, NamespaceSelector.EVERYTHING);
        allowedModels = allowedModels == null ? null : List.copyOf(allowedModels);
        enforcement = Given.or(enforcement, Enforcement.ENFORCE);
        baseModels = baseModels == null ? null : List.copyOf(baseModels);
        requireVector = Given.or(requireVector, true);
        securityVectors = Given.or(securityVectors, VectorPinsSpec.DEFAULT);
        suites = Given.or(suites, SuitePinsSpec.DEFAULT);
        safety = Given.or(safety, SafetyFloorSpec.NONE);
        limits = Given.or(limits, LimitsSpec.NONE);
        cooldown = Given.or(cooldown, CooldownLimitsSpec.DEFAULT);
        thresholds = Given.or(thresholds, ThresholdsSpec.NONE);
        waivers = waivers == null ? null : List.copyOf(waivers);
    }
}
