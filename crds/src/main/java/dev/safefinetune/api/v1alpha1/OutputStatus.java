package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** What was published. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OutputStatus(
        @JsonPropertyDescription("Where it lies.") @Required String uri,

        @JsonPropertyDescription("Digest of the published model's files.") @Required
        String digest,

        @JsonPropertyDescription("Size of the files in all.") @Nullable
        Long bytes) {}
