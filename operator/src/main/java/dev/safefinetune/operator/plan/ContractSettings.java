package dev.safefinetune.operator.plan;

import dev.safefinetune.api.v1alpha1.CheckpointSpec;
import dev.safefinetune.api.v1alpha1.Durations;
import dev.safefinetune.api.v1alpha1.HyperparametersSpec;
import dev.safefinetune.api.v1alpha1.JudgeSpec;
import dev.safefinetune.api.v1alpha1.LoraSpec;
import dev.safefinetune.api.v1alpha1.MethodSpec;
import dev.safefinetune.api.v1alpha1.MethodType;
import dev.safefinetune.api.v1alpha1.MinMinSpec;
import dev.safefinetune.api.v1alpha1.Precision;
import dev.safefinetune.api.v1alpha1.ReadinessSpec;
import dev.safefinetune.api.v1alpha1.VectorHyperparametersSpec;
import dev.safefinetune.api.v1alpha1.VectorObjective;
import dev.safefinetune.api.v1alpha1.VectorTrainingSpec;
import dev.safefinetune.contract.Checkpointing;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.JudgeSettings;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.contract.MinMinSettings;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.VectorTraining;
import org.jspecify.annotations.Nullable;

/** The user's settings in the words of the contract: strings become numbers, nothing is left to fill in. */
final class ContractSettings {
    private ContractSettings() {}

    /** The settings of a fine-tune; {@code cuda} says whether it is trained on CUDA GPUs. */
    static FineTuning fineTuning(MethodSpec method, boolean cuda) {
        LoraSpec lora = method.lora();
        return new FineTuning(
                method.type() == MethodType.LORA ? FineTuning.Method.LORA : FineTuning.Method.FULL,
                lora == null ? null : new LoraSettings(lora.rank(), lora.alpha(), lora.rsLora(), lora.targetModules()),
                hyperparameters(method.hyperparameters()),
                precision(method.precision(), cuda));
    }

    /** The settings of a vector; {@code cuda} says whether it is trained on CUDA GPUs. */
    static VectorTraining vectorTraining(VectorTrainingSpec training, boolean cuda) {
        var lora = training.lora();
        return new VectorTraining(
                switch (training.objective()) {
                    case SINGLE_LEVEL -> VectorTraining.Objective.SINGLE_LEVEL;
                    case MIN_MIN -> VectorTraining.Objective.MIN_MIN;
                },
                new LoraSettings(lora.rank(), lora.alpha(), lora.rsLora(), lora.targetModules()),
                hyperparameters(training.hyperparameters()),
                number("klWeight", training.klWeight()),
                precision(training.precision(), cuda),
                minMin(training));
    }

    private static @Nullable MinMinSettings minMin(VectorTrainingSpec training) {
        if (training.objective() != VectorObjective.MIN_MIN) {
            return null;
        }
        MinMinSpec minMin = training.minMin() == null ? MinMinSpec.DEFAULT : training.minMin();
        return new MinMinSettings(
                minMin.warmUpSteps(),
                minMin.copySteps(),
                minMin.vectorSteps(),
                number("copyLearningRate", minMin.copyLearningRate()));
    }

    private static dev.safefinetune.contract.Precision precision(@Nullable Precision wished, boolean cuda) {
        return switch (wished == null ? Precision.AUTO : wished) {
            case AUTO -> dev.safefinetune.contract.Precision.auto(cuda);
            case FLOAT32 -> dev.safefinetune.contract.Precision.FLOAT32;
            case BFLOAT16 -> dev.safefinetune.contract.Precision.BFLOAT16;
        };
    }

    /** A training pod answers SIGTERM in half of its grace period: the rest is for what a full node does slowly. */
    static Checkpointing checkpointing(CheckpointSpec checkpoint) {
        return new Checkpointing(
                Math.toIntExact(Durations.parse(checkpoint.every()).toSeconds()),
                checkpoint.keep(),
                TrainerPod.GRACE_SECONDS / 2);
    }

    /** How a judge is asked. */
    static JudgeSettings judge(JudgeSpec judge) {
        return new JudgeSettings(judge.template(), judge.harmfulPattern(), judge.safePattern());
    }

    static ReadinessThresholds readiness(ReadinessSpec readiness) {
        return new ReadinessThresholds(
                number("minExplained", readiness.minExplained()),
                number("minFirstTokenCompliance", readiness.minFirstTokenCompliance()),
                number("maxGradientRatio", readiness.maxGradientRatio()),
                number("maxBenignIncrease", readiness.maxBenignIncrease()));
    }

    /**
     * A number that the resource holds as a string.
     *
     * @throws IllegalArgumentException naming the field
     */
    static double number(String field, @Nullable String text) {
        try {
            return Double.parseDouble(String.valueOf(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(field + " must be a number, was '" + text + "'", e);
        }
    }

    private static Hyperparameters hyperparameters(HyperparametersSpec from) {
        return new Hyperparameters(
                from.epochs(),
                number("learningRate", from.learningRate()),
                from.batchSize(),
                from.microBatchTokens(),
                from.maxSequenceLength(),
                scheduler(from.scheduler()),
                number("warmupRatio", from.warmupRatio()),
                number("beta2", from.beta2()),
                number("weightDecay", from.weightDecay()),
                number("maxGradientNorm", from.maxGradientNorm()),
                from.seed());
    }

    private static Hyperparameters hyperparameters(VectorHyperparametersSpec from) {
        return new Hyperparameters(
                from.epochs(),
                number("learningRate", from.learningRate()),
                from.batchSize(),
                from.microBatchTokens(),
                from.maxSequenceLength(),
                scheduler(from.scheduler()),
                number("warmupRatio", from.warmupRatio()),
                number("beta2", from.beta2()),
                number("weightDecay", from.weightDecay()),
                number("maxGradientNorm", from.maxGradientNorm()),
                from.seed());
    }

    private static Hyperparameters.Scheduler scheduler(dev.safefinetune.api.v1alpha1.Scheduler from) {
        return switch (from) {
            case COSINE -> Hyperparameters.Scheduler.COSINE;
            case LINEAR -> Hyperparameters.Scheduler.LINEAR;
            case CONSTANT -> Hyperparameters.Scheduler.CONSTANT;
        };
    }
}
