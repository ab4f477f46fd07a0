package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What the pods of a run get. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResourcesSpec(
        @JsonPropertyDescription(
                "GPUs that the pods that train and evaluate hold; 0: they compute on processors. Left out: what the installation gives, which is trainer.gpus of the chart and 0 as shipped. The number is fixed when training begins.")
        @Min(0)
        @Max(1024)
        @Nullable
        Integer gpus,

        @JsonPropertyDescription(
                "Name of the extended resource that counts GPUs on the nodes. Training computes on those whose name begins with nvidia.com/; others are held and not used, and an event says so.")
        @Default("nvidia.com/gpu")
        @Size(min = 1, max = 253)
        @ValidationRule(
                value =
                        "self.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$')",
                message = "gpuResource must be the name of an extended resource, such as nvidia.com/gpu")
        String gpuResource,

        @JsonPropertyDescription(
                "Processors of the pods that train and evaluate, as a quantity such as 4 or 500m, written as a string: request and limit; left out: what the installation gives.")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^([1-9][0-9]{0,5}m?|[0-9]{1,3}[.][0-9]{0,2}[1-9])$')",
                message = "cpu must be a quantity of processors written as a string, such as \"4\" or \"500m\"")
        @Nullable
        String cpu,

        @JsonPropertyDescription(
                "Memory of the pods, as a quantity such as 16Gi: request and limit of those that train and evaluate, limit of the others; left out: what Prepare estimates is requested, and twice that is the limit, or what the installation gives if that is more.")
        @Size(max = 32)
        @ValidationRule(
                value = "self.matches('^[1-9][0-9]{0,11}(Ki|Mi|Gi|Ti|k|M|G|T)?$')",
                message = "memory must be a quantity of bytes, such as 16Gi")
        @Nullable
        String memory,

        @JsonPropertyDescription("Where the pods of all stages may run, and before whom.") @Default("{}")
        PlacementSpec template) {
    static final ResourcesSpec DEFAULT = new ResourcesSpec(null, "nvidia.com/gpu", null, null, PlacementSpec.ANYWHERE);

    public ResourcesSpec {
        gpuResource = Given.or(gpuResource, "nvidia.com/gpu");
        template = Given.or(template, PlacementSpec.ANYWHERE);
    }
}
