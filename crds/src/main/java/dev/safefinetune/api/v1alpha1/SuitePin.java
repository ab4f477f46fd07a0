package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A suite that is known by its digests. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SuitePin(
        @JsonPropertyDescription("What people call the suite.") @Required @Size(min = 1, max = 253)
        String name,

        @JsonPropertyDescription(
                "Digest of its harmful requests, as status.provenSuites of a SecurityVector and status.resolved.suites of a run state it.")
        @Required
        @Size(max = 71)
        @ValidationRule(
                value = "self.matches('^sha256:[0-9a-f]{64}$')",
                message = "prompts must be sha256: and 64 hexadecimal digits")
        String prompts,

        @JsonPropertyDescription("Digest of its tasks, from the same places; left out: any tasks, or none.")
        @Size(max = 71)
        @ValidationRule(
                value = "self.matches('^sha256:[0-9a-f]{64}$')",
                message = "utility must be sha256: and 64 hexadecimal digits")
        @Nullable
        String utility) {}
