package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How the model is fine-tuned. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.type == 'LoRA' || !has(self.lora)",
        message = "lora may only be given with type LoRA; leave it out with type Full",
        fieldPath = ".lora")
public record MethodSpec(
        @JsonPropertyDescription("LoRA: train a low-rank adapter. Full: train all weights.") @Default("LoRA")
        MethodType type,

        @JsonPropertyDescription("Shape of the adapter; only with type LoRA, whose defaults hold where it is left out.")
        @Nullable
        LoraSpec lora,

        @JsonPropertyDescription("How the optimizer walks through the data.") @Default("{}")
        HyperparametersSpec hyperparameters,

        @JsonPropertyDescription(
                "In what training computes: Float32, or BFloat16, which needs less memory where the checkpoint is in bfloat16, and takes longer on processors without AMX. Auto, also where it is left out: BFloat16 on NVIDIA GPUs and Float32 on processors. Adapters, gradients and losses are float32 in either.")
        @Nullable
        Precision precision) {
    static final MethodSpec DEFAULT =
            new MethodSpec(MethodType.LORA, LoraSpec.DEFAULT, HyperparametersSpec.DEFAULT, null);

    public MethodSpec {
        type = Given.or(type, MethodType.LORA);
        if (type == MethodType.LORA && lora == null) {
            lora = LoraSpec.DEFAULT;
        }
        hyperparameters = Given.or(hyperparameters, HyperparametersSpec.DEFAULT);
    }
}
