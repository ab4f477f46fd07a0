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
        @JsonPropertyDescription("GPUs of the pods that train and evaluate; 0 to run on the CPU.")
        @Default("1")
        @Min(0)
        @Max(1024)
        Integer gpus,

        @JsonPropertyDescription("Name of the extended resource that counts GPUs on the nodes.")
        @Default("nvidia.com/gpu")
        @Size(min = 1, max = 253)
        String gpuResource,

        @JsonPropertyDescription(
                "Memory of the pods that train and evaluate, as a quantity such as 16Gi; left out: what Prepare estimates is requested, without a limit.")
        @Size(max = 32)
        @ValidationRule(
                value = "self.matches('^[1-9][0-9]{0,11}(Ki|Mi|Gi|Ti|k|M|G|T)?$')",
                message = "memory must be a quantity of bytes, such as 16Gi")
        @Nullable
        String memory,

        @JsonPropertyDescription("Where the pods of all stages may run.") @Default("{}")
        PlacementSpec template) {
    static final ResourcesSpec DEFAULT = new ResourcesSpec(1, "nvidia.com/gpu", null, PlacementSpec.ANYWHERE);

    public ResourcesSpec {
        gpus = Given.or(gpus, 1);
        gpuResource = Given.or(gpuResource, "nvidia.com/gpu");
        template = Given.or(template, PlacementSpec.ANYWHERE);
    }
}
