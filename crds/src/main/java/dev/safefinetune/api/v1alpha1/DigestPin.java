package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Something that is known by its digest. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DigestPin(
        @JsonPropertyDescription("Its digest, as the status of a run or of a SecurityVector states it.")
        @Required
        @Size(max = 71)
        @ValidationRule(
                value = "self.matches('^sha256:[0-9a-f]{64}$')",
                message = "digest must be sha256: and 64 hexadecimal digits")
        String digest,

        @JsonPropertyDescription("What people call it, such as the place where it lies; nothing is read from there.")
        @Size(min = 1, max = 253)
        @Nullable
        String name) {}
