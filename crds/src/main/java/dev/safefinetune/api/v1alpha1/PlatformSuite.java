package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A suite that lies with the platform. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformSuite(
        @JsonPropertyDescription(
                "Name of a ConfigMap in the operator's namespace, with the harmful requests in prompts.jsonl and, where the suite has tasks, these in utility.jsonl.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                message =
                        "configMap must be the name of a ConfigMap: lower-case letters, digits, - and ., beginning and ending with a letter or digit")
        String configMap,

        @JsonPropertyDescription(
                "SHA-256 of prompts.jsonl, byte by byte, as sha256sum prints it, after sha256:. A ConfigMap that holds anything else is not asked, and the run ends.")
        @Required
        @Size(max = 71)
        @ValidationRule(
                value = "self.matches('^sha256:[0-9a-f]{64}$')",
                message = "prompts must be sha256: and 64 hexadecimal digits")
        String prompts,

        @JsonPropertyDescription("The same of utility.jsonl; left out: the suite has no tasks.")
        @Size(max = 71)
        @ValidationRule(
                value = "self.matches('^sha256:[0-9a-f]{64}$')",
                message = "utility must be sha256: and 64 hexadecimal digits")
        @Nullable
        String utility) {}
