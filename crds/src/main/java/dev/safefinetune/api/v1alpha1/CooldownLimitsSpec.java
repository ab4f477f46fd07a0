package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** What a policy allows of the cooldown. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CooldownLimitsSpec(
        @JsonPropertyDescription(
                "Any: a user may name trusted samples in safety.cooldown.dataset. None: nobody may; they are trained on without the vector, so whoever names them is trusted with the model's safety.")
        @Default("Any")
        CooldownDatasets datasets) {
    static final CooldownLimitsSpec DEFAULT = new CooldownLimitsSpec(CooldownDatasets.ANY);

    public CooldownLimitsSpec {
        datasets = Given.or(datasets, CooldownDatasets.ANY);
    }
}
