package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** One of the security vectors that a run uses together. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResolvedVector(
        @JsonPropertyDescription("Name of the SecurityVector.") @Required
        String name,

        @JsonPropertyDescription("Namespace of the SecurityVector.") @Nullable
        String namespace,

        @JsonPropertyDescription("Digest of the security vector.") @Required
        String digest) {}
