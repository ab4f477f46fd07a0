package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Labels of namespaces; all requirements must be met. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NamespaceSelector(
        @JsonPropertyDescription("Labels that a namespace must have, with their values.") @Nullable
        Map<String, String> matchLabels,

        @JsonPropertyDescription("Requirements on a namespace's labels.") @Size(max = 64) @Nullable
        List<LabelRequirement> matchExpressions) {
    static final NamespaceSelector EVERYTHING = new NamespaceSelector(null, null);
}
