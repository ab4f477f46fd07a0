package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a policy lets through for a while. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WaiverSpec(
        @JsonPropertyDescription("Namespace of the SafeFineTunes that it is for.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                message = "namespace must be the name of a namespace, such as team-a")
        String namespace,

        @JsonPropertyDescription("The only SafeFineTune that it is for; left out: all of the namespace.")
        @Size(min = 1, max = 253)
        @Nullable
        String name,

        @JsonPropertyDescription(
                "When it ends, such as 2026-12-31T00:00:00Z. Stages that begin later are held to the policy again.")
        @Required
        @Size(max = 20)
        @ValidationRule(
                value =
                        "self.matches('^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$')",
                message = "until must be a time in UTC, such as 2026-12-31T00:00:00Z")
        String until,

        @JsonPropertyDescription("Why, in a sentence for whoever reads the status of the run.")
        @Required
        @Size(min = 1, max = 512)
        @ValidationRule(
                value = "self.matches('^[^[:cntrl:]]+$')",
                message = "reason must be one line without control characters")
        String reason,

        @JsonPropertyDescription("The parts of the policy that are not held meanwhile.")
        @Required
        @Size(min = 1, max = 16)
        List<PolicyRule> waives) {
    public WaiverSpec {
        waives = List.copyOf(waives);
    }
}
