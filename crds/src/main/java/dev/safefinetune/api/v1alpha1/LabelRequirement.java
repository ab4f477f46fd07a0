package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A requirement on one label. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
        message = "values must be given exactly when operator is In or NotIn",
        fieldPath = ".values")
public record LabelRequirement(
        @JsonPropertyDescription("Key of the label.") @Required @Size(min = 1, max = 317)
        String key,

        @JsonPropertyDescription(
                "In: the value is one of values. NotIn: it is not. Exists: the label is there. DoesNotExist: it is not.")
        @Required
        LabelOperator operator,

        @JsonPropertyDescription("Values for In and NotIn; left out for Exists and DoesNotExist.")
        @Size(max = 64)
        @Nullable
        List<@Size(max = 63) String> values) {}
