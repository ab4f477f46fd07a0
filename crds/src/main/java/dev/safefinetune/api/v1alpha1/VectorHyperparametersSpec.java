package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.safefinetune.contract.Defaults;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How the optimizer (AdamW) walks through the data of a security vector. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VectorHyperparametersSpec(
        @JsonPropertyDescription("Passes over the data, 1 to 1000.")
        @Default("" + Defaults.Vector.EPOCHS)
        @Min(1)
        @Max(1000)
        Integer epochs,

        @JsonPropertyDescription(
                "Peak learning rate, a number above 0 and at most 1 written as a string, such as 1e-3.")
        @Default("\"" + Defaults.Vector.LEARNING_RATE + "\"")
        @Size(max = 32)
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) > 0.0 && double(self) <= 1.0",
                message = "learningRate must be a number above 0 and at most 1 written as a string, such as \"1e-3\"")
        String learningRate,

        @JsonPropertyDescription("Samples per optimizer step.") @Default("" + Defaults.BATCH_SIZE) @Min(1) @Max(65536)
        Integer batchSize,

        @JsonPropertyDescription(
                "Most tokens in one forward and backward pass; a step's samples are split into as many passes as that needs, which bounds memory and leaves the result alone.")
        @Default("" + Defaults.MICRO_BATCH_TOKENS)
        @Min(1)
        @Max(16777216)
        Integer microBatchTokens,

        @JsonPropertyDescription(
                "Longest sample in tokens; a dataset with a longer one is refused, never cut silently.")
        @Default("" + Defaults.MAX_SEQUENCE_LENGTH)
        @Min(2)
        @Max(1048576)
        Integer maxSequenceLength,

        @JsonPropertyDescription(
                "Course of the learning rate after warm-up: Cosine or Linear fall to 0, Constant stays.")
        @Default(Defaults.Vector.SCHEDULER)
        Scheduler scheduler,

        @JsonPropertyDescription(
                "Share of the steps in which the learning rate rises from 0, a number from 0 to 1 written as a string.")
        @Default(Defaults.Vector.WARMUP_RATIO)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "warmupRatio must be a number from 0 to 1 written as a string, such as \"0\"")
        String warmupRatio,

        @JsonPropertyDescription(
                "Decay of AdamW's second moment, a number from 0 to 1 written as a string; the first moment's is 0.9.")
        @Default(Defaults.BETA2)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "beta2 must be a number from 0 to 1 written as a string, such as \"0.999\"")
        String beta2,

        @JsonPropertyDescription("Decoupled weight decay, a number from 0 to 1 written as a string.")
        @Default(Defaults.WEIGHT_DECAY)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^(0([.][0-9]{1,12})?|1([.]0{1,12})?)$')",
                message = "weightDecay must be a number from 0 to 1 written as a string, such as \"0.01\"")
        String weightDecay,

        @JsonPropertyDescription("Global norm to which gradients are clipped, a number above 0 written as a string.")
        @Default(Defaults.MAX_GRADIENT_NORM)
        @Size(max = 32)
        @ValidationRule(
                value = "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) > 0.0",
                message = "maxGradientNorm must be a number above 0 written as a string, such as \"1\"")
        String maxGradientNorm,

        @JsonPropertyDescription(
                "Seed of the data's order and of the adapter's first weights: the same seed gives the same run.")
        @Default("" + Defaults.SEED)
        @Min(0)
        @Max(9007199254740991L)
        Long seed) {
    static final VectorHyperparametersSpec DEFAULT = new VectorHyperparametersSpec(
            Defaults.Vector.EPOCHS,
            Defaults.Vector.LEARNING_RATE,
            Defaults.BATCH_SIZE,
            Defaults.MICRO_BATCH_TOKENS,
            Defaults.MAX_SEQUENCE_LENGTH,
            Scheduler.LINEAR,
            Defaults.Vector.WARMUP_RATIO,
            Defaults.BETA2,
            Defaults.WEIGHT_DECAY,
            Defaults.MAX_GRADIENT_NORM,
            Defaults.SEED);

    public VectorHyperparametersSpec {
        epochs = Given.or(epochs, Defaults.Vector.EPOCHS);
        learningRate = Given.or(learningRate, Defaults.Vector.LEARNING_RATE);
        batchSize = Given.or(batchSize, Defaults.BATCH_SIZE);
        microBatchTokens = Given.or(microBatchTokens, Defaults.MICRO_BATCH_TOKENS);
        maxSequenceLength = Given.or(maxSequenceLength, Defaults.MAX_SEQUENCE_LENGTH);
        scheduler = Given.or(scheduler, Scheduler.LINEAR);
        warmupRatio = Given.or(warmupRatio, Defaults.Vector.WARMUP_RATIO);
        beta2 = Given.or(beta2, Defaults.BETA2);
        weightDecay = Given.or(weightDecay, Defaults.WEIGHT_DECAY);
        maxGradientNorm = Given.or(maxGradientNorm, Defaults.MAX_GRADIENT_NORM);
        seed = Given.or(seed, Defaults.SEED);
    }
}
