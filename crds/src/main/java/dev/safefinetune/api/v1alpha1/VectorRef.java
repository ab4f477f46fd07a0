package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A SecurityVector. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VectorRef(
        @JsonPropertyDescription("Name of the SecurityVector.") @Required @Size(min = 1, max = 253)
        String name,

        @JsonPropertyDescription(
                "Namespace of the SecurityVector, which must list this namespace in its allowedNamespaces; left out: the namespace of this resource.")
        @Size(min = 1, max = 63)
        @Nullable
        String namespace) {}
