package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy of the run's namespace, as it was when the run's latest stage began. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HeldPolicy(
        @JsonPropertyDescription("The policy, as name@generation.") @Required
        String policy,

        @JsonPropertyDescription("What followed where the run broke it.") @Required
        Enforcement enforcement,

        @JsonPropertyDescription("Waivers without which the run would not have been within the policy.")
        @Size(max = 16)
        @Nullable
        List<UsedWaiver> waivers,

        @JsonPropertyDescription(
                "What the policy would have refused, had it been enforced, one sentence each; left out: nothing.")
        @Size(max = 16)
        @Nullable
        List<String> notEnforced) {
    public HeldPolicy {
        waivers = waivers == null ? null : List.copyOf(waivers);
        notEnforced = notEnforced == null ? null : List.copyOf(notEnforced);
    }
}
