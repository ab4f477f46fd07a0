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
        HyperparametersSpec hyperparameters) {
    static final MethodSpec DEFAULT = new MethodSpec(MethodType.LORA, LoraSpec.DEFAULT, HyperparametersSpec.DEFAULT);

    public MethodSpec {
        type = Given.or(type, MethodType.LORA);
        if (type == MethodType.LORA && lora == null) {
            lora = LoraSpec.DEFAULT;
        }
        hyperparameters = Given.or(hyperparameters, HyperparametersSpec.DEFAULT);
    }
}
