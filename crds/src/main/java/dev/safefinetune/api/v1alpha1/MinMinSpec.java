package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.safefinetune.contract.Defaults;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How a vector and the throw-away copy of the base model take turns. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MinMinSpec(
        @JsonPropertyDescription(
                "Steps of the vector alone before the copy learns anything. The sooner the copy moves, and the more steps it takes, the less is left for the vector to learn; readiness says whether it learned enough.")
        @Default("" + Defaults.MinMin.WARM_UP_STEPS)
        @Min(0)
        @Max(1_000_000)
        Integer warmUpSteps,

        @JsonPropertyDescription("Steps of the copy at each of its turns.")
        @Default("" + Defaults.MinMin.COPY_STEPS)
        @Min(1)
        @Max(1000)
        Integer copySteps,

        @JsonPropertyDescription("Steps of the vector at each of its turns.")
        @Default("" + Defaults.MinMin.VECTOR_STEPS)
        @Min(1)
        @Max(1000)
        Integer vectorSteps,

        @JsonPropertyDescription(
                "Learning rate of the copy, the same in all of its steps; a number from 0 to 1 written as a string.")
        @Default(Defaults.MinMin.COPY_LEARNING_RATE)
        @Size(max = 32)
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) >= 0.0 && double(self) <= 1.0",
                message = "copyLearningRate must be a number from 0 to 1 written as a string, such as \"1e-3\"")
        String copyLearningRate) {
    /** What a resource without this part has. */
    public static final MinMinSpec DEFAULT = new MinMinSpec(
            Defaults.MinMin.WARM_UP_STEPS,
            Defaults.MinMin.COPY_STEPS,
            Defaults.MinMin.VECTOR_STEPS,
            Defaults.MinMin.COPY_LEARNING_RATE);

    public MinMinSpec {
        warmUpSteps = Given.or(warmUpSteps, Defaults.MinMin.WARM_UP_STEPS);
        copySteps = Given.or(copySteps, Defaults.MinMin.COPY_STEPS);
        vectorSteps = Given.or(vectorSteps, Defaults.MinMin.VECTOR_STEPS);
        copyLearningRate = Given.or(copyLearningRate, Defaults.MinMin.COPY_LEARNING_RATE);
    }
}
