package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;

/**
 * The steps with the vector off at the end.
 *
 * @param steps 0 for none
 * @param learningRate of each of them
 */
public record CooldownSettings(int steps, double learningRate) {
    public static final CooldownSettings NONE = new CooldownSettings(0, 1);

    /**
     * Refuses a cooldown that is longer than it may be after so many steps.
     *
     * @throws TrainerException {@link Fault#SETTINGS_INVALID}
     */
    void requireWithin(int trainingSteps) {
        if (steps > Defaults.Cooldown.mostSteps(trainingSteps)) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "the cooldown has " + steps + " steps, and the training before it " + trainingSteps
                            + "; give as many at most, or " + Defaults.Cooldown.STEPS);
        }
    }
}
