package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A taint that pods tolerate, as in a pod's spec. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TolerationSpec(
        @JsonPropertyDescription("Key of the taint; left out with operator Exists: every taint.")
        @Size(max = 317)
        @Nullable
        String key,

        @JsonPropertyDescription("How the value is compared; left out: Equal.") @Nullable
        TolerationOperator operator,

        @JsonPropertyDescription("Value of the taint; only with operator Equal.") @Size(max = 63) @Nullable
        String value,

        @JsonPropertyDescription("Effect of the taint; left out: every effect.") @Nullable
        TaintEffect effect,

        @JsonPropertyDescription("Seconds for which a NoExecute taint is tolerated; left out: for ever.") @Nullable
        Long tolerationSeconds) {}
