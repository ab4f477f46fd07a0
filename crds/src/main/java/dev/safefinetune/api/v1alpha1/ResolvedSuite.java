package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A suite that the run is judged by. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResolvedSuite(
        @JsonPropertyDescription("Digest of its harmful requests, by which a policy pins it.") @Required
        String prompts,

        @JsonPropertyDescription("Digest of its tasks, by which a policy may pin them too.") @Nullable
        String utility) {}
