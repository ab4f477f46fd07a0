package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** The base model's own answers that lie beside a vector. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplayStatus(
        @JsonPropertyDescription("Digest of the file.") @Required
        String digest,

        @JsonPropertyDescription("Refusals of the vector's requests.") @Required
        Integer refusals,

        @JsonPropertyDescription(
                "Answers to allowed requests that look like them; 0 where the benign dataset has none that the base answers.")
        @Required
        Integer lookAlikes) {}
