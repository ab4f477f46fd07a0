package dev.safefinetune.trainer.command;

import static java.util.Objects.requireNonNullElse;

import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.MinMinSettings;
import dev.safefinetune.contract.VectorTraining.Objective;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What vector training minimises, and what belongs to one objective alone. */
final class ObjectiveOptions {
    @Option(
            names = "--objective",
            defaultValue = "single-level",
            converter = Words.class,
            description =
                    "single-level or min-min: the base may learn too, in a copy that is thrown away (default ${DEFAULT-VALUE})")
    private Objective objective = Objective.SINGLE_LEVEL;

    @Option(
            names = "--warm-up-steps",
            description = "min-min: steps of the vector alone before the copy learns (default "
                    + Defaults.MinMin.WARM_UP_STEPS + ")")
    private @Nullable Integer warmUpSteps;

    @Option(
            names = "--copy-steps",
            description =
                    "min-min: steps of the copy at each of its turns (default " + Defaults.MinMin.COPY_STEPS + ")")
    private @Nullable Integer copySteps;

    @Option(
            names = "--vector-steps",
            description =
                    "min-min: steps of the vector at each of its turns (default " + Defaults.MinMin.VECTOR_STEPS + ")")
    private @Nullable Integer vectorSteps;

    @Option(
            names = "--copy-learning-rate",
            description = "min-min: of the copy (default " + Defaults.MinMin.COPY_LEARNING_RATE + ")")
    private @Nullable Double copyLearningRate;

    Objective objective() {
        return objective;
    }

    @Nullable
    MinMinSettings minMin() {
        if (objective != Objective.MIN_MIN) {
            requireNone("--warm-up-steps", warmUpSteps);
            requireNone("--copy-steps", copySteps);
            requireNone("--vector-steps", vectorSteps);
            requireNone("--copy-learning-rate", copyLearningRate);
            return null;
        }
        return new MinMinSettings(
                requireNonNullElse(warmUpSteps, Defaults.MinMin.WARM_UP_STEPS),
                requireNonNullElse(copySteps, Defaults.MinMin.COPY_STEPS),
                requireNonNullElse(vectorSteps, Defaults.MinMin.VECTOR_STEPS),
                requireNonNullElse(copyLearningRate, Double.valueOf(Defaults.MinMin.COPY_LEARNING_RATE)));
    }

    private static void requireNone(String option, @Nullable Number value) {
        if (value != null) {
            throw new IllegalArgumentException(
                    option + " needs --objective min-min, whose setting it is, was " + value);
        }
    }

    /** As options are written. */
    static final class Words implements ITypeConverter<Objective> {
        @Override
        public Objective convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT).replace('_', '-')) {
                case "single-level" -> Objective.SINGLE_LEVEL;
                case "min-min" -> Objective.MIN_MIN;
                default -> throw new TypeConversionException("expected single-level or min-min, was '" + text + "'");
            };
        }
    }
}
