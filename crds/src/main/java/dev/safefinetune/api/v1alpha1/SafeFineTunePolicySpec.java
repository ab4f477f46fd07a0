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

        @JsonPropertyDescription("Whether every run must be protected by a security vector.") @Default("true")
        Boolean requireVector,

        @JsonPropertyDescription("Most that a run may ask for.") @Default("{}")
        LimitsSpec limits,

        @JsonPropertyDescription("What a run's cooldown may be made of.") @Default("{}")
        CooldownLimitsSpec cooldown,

        @JsonPropertyDescription("Thresholds of the safety evaluation that a user may tighten but not loosen.")
        @Default("{}")
        ThresholdsSpec thresholds) {
    public SafeFineTunePolicySpec {
        namespaceSelector = Given.or(namespaceSelector, NamespaceSelector.EVERYTHING);
        allowedModels = allowedModels == null ? null : List.copyOf(allowedModels);
        requireVector = Given.or(requireVector, true);
        limits = Given.or(limits, LimitsSpec.NONE);
        cooldown = Given.or(cooldown, CooldownLimitsSpec.DEFAULT);
        thresholds = Given.or(thresholds, ThresholdsSpec.NONE);
    }
}
