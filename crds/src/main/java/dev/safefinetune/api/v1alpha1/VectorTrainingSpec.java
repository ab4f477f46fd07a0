package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.safefinetune.contract.Defaults;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How a security vector is trained (Zhou et al., arXiv 2311.02105). */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.minMin) || self.objective == 'MinMin'",
        message = "minMin may only be given with objective MinMin; leave it out with objective SingleLevel",
        fieldPath = ".minMin")
public record VectorTrainingSpec(
        @JsonPropertyDescription(
                "SingleLevel: the base model is fixed and the vector learns to explain the harmful samples. MinMin: after a warm-up, a throw-away copy of the base model learns them too, with the vector attached, and the two take turns.")
        @Default("SingleLevel")
        VectorObjective objective,

        @JsonPropertyDescription("Shape of the vector.") @Default("{}")
        VectorLoraSpec lora,

        @JsonPropertyDescription("How the optimizer walks through the harmful samples.") @Default("{}")
        VectorHyperparametersSpec hyperparameters,

        @JsonPropertyDescription(
                "Weight of the term that keeps the model's other behaviour, on the benign samples; a number from 0 to 1000 written as a string.")
        @Default(Defaults.Vector.KL_WEIGHT)
        @Size(max = 32)
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) >= 0.0 && double(self) <= 1000.0",
                message = "klWeight must be a number from 0 to 1000 written as a string, such as \"1\"")
        String klWeight,

        @JsonPropertyDescription(
                "In what training computes: Float32, or BFloat16, which needs less memory where the checkpoint is in bfloat16, and takes longer on processors without AMX. Auto, also where it is left out: BFloat16 on NVIDIA GPUs and Float32 on processors. Adapters, gradients and losses are float32 in either.")
        @Nullable
        Precision precision,

        @JsonPropertyDescription("How the vector and the copy take turns; only with objective MinMin.") @Nullable
        MinMinSpec minMin) {
    static final VectorTrainingSpec DEFAULT = new VectorTrainingSpec(
            VectorObjective.SINGLE_LEVEL,
            VectorLoraSpec.DEFAULT,
            VectorHyperparametersSpec.DEFAULT,
            Defaults.Vector.KL_WEIGHT,
            null,
            null);

    public VectorTrainingSpec {
        objective = Given.or(objective, VectorObjective.SINGLE_LEVEL);
        lora = Given.or(lora, VectorLoraSpec.DEFAULT);
        hyperparameters = Given.or(hyperparameters, VectorHyperparametersSpec.DEFAULT);
        klWeight = Given.or(klWeight, Defaults.Vector.KL_WEIGHT);
    }
}
