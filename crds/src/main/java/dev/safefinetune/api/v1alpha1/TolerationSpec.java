package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A taint that pods tolerate, as in a pod's spec. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TolerationSpec(
        @JsonPropertyDescription("Key of the taint; left out with operator Exists: every taint.")
        @Size(max = 317)
        @ValidationRule(
                value =
                        "self.matches('^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$')",
                message = "key must be the key of a taint, such as nvidia.com/gpu")
        @Nullable
        String key,

        @JsonPropertyDescription("How the value is compared; left out: Equal.") @Nullable
        TolerationOperator operator,

        @JsonPropertyDescription("Value of the taint; only with operator Equal.")
        @Size(max = 63)
        @ValidationRule(
                value = "self.matches('^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$')",
                message = "value must be the value of a taint: letters, digits, -, _ and .")
        @Nullable
        String value,

        @JsonPropertyDescription("Effect of the taint; left out: every effect.") @Nullable
        TaintEffect effect,

        @JsonPropertyDescription("Seconds for which a NoExecute taint is tolerated; left out: for ever.") @Nullable
        Long tolerationSeconds) {}
