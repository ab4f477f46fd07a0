package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How a security vector is trained (Zhou et al., arXiv 2311.02105). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VectorTrainingSpec(
        @JsonPropertyDescription(
                "SingleLevel: the base model is fixed and the vector learns to explain the harmful samples.")
        @Default("SingleLevel")
        VectorObjective objective,

        @JsonPropertyDescription("Shape of the vector.") @Default("{}")
        VectorLoraSpec lora,

        @JsonPropertyDescription("How the optimizer walks through the harmful samples.") @Default("{}")
        VectorHyperparametersSpec hyperparameters,

        @JsonPropertyDescription(
                "Weight of the term that keeps the model's other behaviour, on the benign samples; a number from 0 to 1000 written as a string.")
        @Default("1")
        @Size(max = 32)
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) >= 0.0 && double(self) <= 1000.0",
                message = "klWeight must be a number from 0 to 1000 written as a string, such as \"1\"")
        String klWeight) {
    static final VectorTrainingSpec DEFAULT = new VectorTrainingSpec(
            VectorObjective.SINGLE_LEVEL, VectorLoraSpec.DEFAULT, VectorHyperparametersSpec.DEFAULT, "1");

    public VectorTrainingSpec {
        objective = Given.or(objective, VectorObjective.SINGLE_LEVEL);
        lora = Given.or(lora, VectorLoraSpec.DEFAULT);
        hyperparameters = Given.or(hyperparameters, VectorHyperparametersSpec.DEFAULT);
        klWeight = Given.or(klWeight, "1");
    }
}
