package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How the optimizer (AdamW) walks through the data of a fine-tuning run. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HyperparametersSpec(
        @JsonPropertyDescription("Passes over the data, 1 to 1000.") @Default("3") @Min(1) @Max(1000)
        Integer epochs,

        @JsonPropertyDescription(
                "Peak learning rate, a number above 0 and at most 1 written as a string, such as 2e-4.")
        @Default("\"2e-4\"")
        @Size(max = 32)
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) > 0.0 && double(self) <= 1.0",
                message = "learningRate must be a number above 0 and at most 1 written as a string, such as \"2e-4\"")
        String learningRate,

        @JsonPropertyDescription("Samples per optimizer step.") @Default("16") @Min(1) @Max(65536)
        Integer batchSize,

        @JsonPropertyDescription(
                "Most tokens in one forward and backward pass; a step's samples are split into as many passes as that needs, which bounds memory and leaves the result alone.")
        @Default("4096")
        @Min(1)
        @Max(16777216)
        Integer microBatchTokens,

        @JsonPropertyDescription(
                "Longest sample in tokens; a dataset with a longer one is refused, never cut silently.")
        @Default("2048")
        @Min(2)
        @Max(1048576)
        Integer maxSequenceLength,

        @JsonPropertyDescription(
                "Course of the learning rate after warm-up: Cosine or Linear fall to 0, Constant stays.")
        @Default("Cosine")
        Scheduler scheduler,

        @JsonPropertyDescription(
                "Share of the steps in which the learning rate rises from 0, a number from 0 to 1 written as a string.")
        @Default("0.03")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "warmupRatio must be a number from 0 to 1 written as a string, such as \"0.03\"")
        String warmupRatio,

        @JsonPropertyDescription(
                "Decay of AdamW's second moment, a number from 0 to 1 written as a string; the first moment's is 0.9.")
        @Default("0.999")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "beta2 must be a number from 0 to 1 written as a string, such as \"0.999\"")
        String beta2,

        @JsonPropertyDescription("Decoupled weight decay, a number from 0 to 1 written as a string.")
        @Default("0")
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "weightDecay must be a number from 0 to 1 written as a string, such as \"0.01\"")
        String weightDecay,

        @JsonPropertyDescription("Global norm to which gradients are clipped, a number above 0 written as a string.")
        @Default("1")
        @Size(max = 32)
        @ValidationRule(
                value = "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) > 0.0",
                message = "maxGradientNorm must be a number above 0 written as a string, such as \"1\"")
        String maxGradientNorm,

        @JsonPropertyDescription(
                "Seed of the data's order and of the adapter's first weights: the same seed gives the same run.")
        @Default("42")
        @Min(0)
        @Max(9007199254740991L)
        Long seed) {
    static final HyperparametersSpec DEFAULT =
            new HyperparametersSpec(3, "2e-4", 16, 4096, 2048, Scheduler.COSINE, "0.03", "0.999", "0", "1", 42L);

    public HyperparametersSpec {
        epochs = Given.or(epochs, 3);
        learningRate = Given.or(learningRate, "2e-4");
        batchSize = Given.or(batchSize, 16);
        microBatchTokens = Given.or(microBatchTokens, 4096);
        maxSequenceLength = Given.or(maxSequenceLength, 2048);
        scheduler = Given.or(scheduler, Scheduler.COSINE);
        warmupRatio = Given.or(warmupRatio, "0.03");
        beta2 = Given.or(beta2, "0.999");
        weightDecay = Given.or(weightDecay, "0");
        maxGradientNorm = Given.or(maxGradientNorm, "1");
        seed = Given.or(seed, 42L);
    }
}
