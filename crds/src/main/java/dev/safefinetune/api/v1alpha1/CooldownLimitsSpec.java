package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a policy allows of the cooldown. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CooldownLimitsSpec(
        @JsonPropertyDescription(
                "None: nobody may name trusted samples in safety.cooldown.dataset. Pinned: only those of trustedSets; where that is left out, those that another policy of the namespace pins. Any: users name their own, and whoever does is trusted with the model's safety, because they are trained on without the vector.")
        @Default("Pinned")
        CooldownDatasets datasets,

        @JsonPropertyDescription(
                "Trusted samples that a cooldown may train on, known by the digest that status.resolved.trustedSet of a run states.")
        @Size(min = 1, max = 64)
        @Nullable
        List<DigestPin> trustedSets,

        @JsonPropertyDescription("Highest safety.cooldown.steps; left out: no limit but the training's own steps.")
        @Min(0)
        @Nullable
        Integer maxSteps) {
    static final CooldownLimitsSpec DEFAULT = new CooldownLimitsSpec(CooldownDatasets.PINNED, null, null);

    public CooldownLimitsSpec {
        datasets = Given.or(datasets, CooldownDatasets.PINNED);
        trustedSets = trustedSets == null ? null : List.copyOf(trustedSets);
    }
}
