package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.trainer.pipeline.CooldownSettings;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.train.Cooldown;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The steps with the vector off at the end, with the defaults of the resource. */
final class CooldownOptions {
    @Option(
            names = "--cooldown",
            paramLabel = "FILE",
            description = "trusted samples of yours for the cooldown, beside the base's own answers and your clearly"
                    + " harmless samples")
    private @Nullable Path trusted;

    @Option(
            names = "--cooldown-steps",
            defaultValue = "" + Defaults.Cooldown.STEPS,
            description = "with the vector off, after training; 0 for none (default ${DEFAULT-VALUE})")
    private int steps;

    @Option(
            names = "--cooldown-learning-rate",
            description = "default the smaller of a quarter of --learning-rate and 5e-4")
    private @Nullable Double learningRate;

    /** The user's trusted samples; absent where none are given. */
    @Nullable
    Path trusted() {
        return trusted;
    }

    /**
     * What to do.
     *
     * @param vector whether there is one: without it, only trusted samples make a cooldown
     */
    CooldownSettings settings(FineTuning fineTuning, boolean vector) {
        if (steps < 0) {
            throw new TrainerException(Fault.SETTINGS_INVALID, "--cooldown-steps must be at least 0, was " + steps);
        }
        Double rate = learningRate;
        if (rate != null && !(rate > 0 && Double.isFinite(rate))) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID, "--cooldown-learning-rate must be a number above 0, was " + rate);
        }
        return !vector && trusted == null
                ? CooldownSettings.NONE
                : new CooldownSettings(
                        steps,
                        rate == null
                                ? Cooldown.defaultRate(
                                        fineTuning.hyperparameters().learningRate())
                                : rate);
    }
}
