package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where pods may run. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlacementSpec(
        @JsonPropertyDescription("Labels that a node must have.") @Nullable
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints of nodes that the pods tolerate.") @Size(max = 64) @Nullable
        List<TolerationSpec> tolerations,

        @JsonPropertyDescription("Name of the PriorityClass of the pods; left out: the cluster's default.")
        @Size(max = 253)
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$') && !self.startsWith('system-')",
                message =
                        "priorityClassName must be the name of a PriorityClass, and none of the system's own: those displace what the nodes need")
        @Nullable
        String priorityClassName) {
    static final PlacementSpec ANYWHERE = new PlacementSpec(null, null, null);
}
