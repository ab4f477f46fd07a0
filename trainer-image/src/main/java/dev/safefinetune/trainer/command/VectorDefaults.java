package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Defaults;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The defaults of a SecurityVector, where they differ from those of the options that all trainings share. */
final class VectorDefaults implements IDefaultValueProvider {
    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? switch (option.longestName()) {
                    case "--rank" -> "" + Defaults.Vector.RANK;
                    case "--alpha" -> "" + Defaults.Vector.ALPHA;
                    case "--epochs" -> "" + Defaults.Vector.EPOCHS;
                    case "--learning-rate" -> Defaults.Vector.LEARNING_RATE;
                    case "--scheduler" -> Defaults.Vector.SCHEDULER;
                    case "--warmup-ratio" -> Defaults.Vector.WARMUP_RATIO;
                    default -> null;
                }
                : null;
    }
}
