package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** A waiver that let a run break a policy. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsedWaiver(
        @JsonPropertyDescription("The part of the policy that was not held.") @Required
        PolicyRule waives,

        @JsonPropertyDescription("When the waiver ends.") @Required
        String until,

        @JsonPropertyDescription("Why it was given, as the policy says.") @Required
        String reason) {}
