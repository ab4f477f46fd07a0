package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * How the two sides of min-min take turns: a throw-away copy of the model, which is an adapter of the vector's shape on the base,
 * learns the harmful samples with the vector attached, then the vector with the copy attached. The copy is dropped at the end.
 *
 * @param warmUpSteps steps of the vector alone before the copy learns anything: the sooner the copy moves, the less it leaves
 *     the vector to learn
 * @param copySteps steps of the copy at each of its turns
 * @param vectorSteps steps of the vector at each of its turns
 * @param copyLearningRate of the copy, the same in all of its steps; at 0 it stays the base
 */
public record MinMinSettings(int warmUpSteps, int copySteps, int vectorSteps, double copyLearningRate) {
    public MinMinSettings {
        Require.range("training.minMin.warmUpSteps", warmUpSteps, 0, 1_000_000);
        Require.range("training.minMin.copySteps", copySteps, 1, 1000);
        Require.range("training.minMin.vectorSteps", vectorSteps, 1, 1000);
        Require.range("training.minMin.copyLearningRate", copyLearningRate, 0.0, 1.0);
    }

    /** Steps of the copy before the vector's step of this number, from 1. */
    public int copyStepsBefore(int vectorStep) {
        int after = vectorStep - warmUpSteps - 1;
        return after >= 0 && after % vectorSteps == 0 ? copySteps : 0;
    }

    /** Steps of the copy in a training of so many steps of the vector. */
    public int copyStepsIn(int steps) {
        return copySteps * Math.ceilDiv(Math.max(0, steps - warmUpSteps), vectorSteps);
    }

    /** The settings belong to their objective. */
    static void require(@Nullable MinMinSettings settings, VectorTraining.Objective objective) {
        if ((settings != null) != (objective == VectorTraining.Objective.MIN_MIN)) {
            throw new IllegalArgumentException(
                    "training.minMin must be given with training.objective MinMin and left out with another, was "
                            + settings + " with " + objective);
        }
    }

    /**
     * Refuses a warm-up that leaves the objective no step.
     *
     * @param steps of the vector
     */
    public void requireTurn(int steps) {
        if (warmUpSteps >= steps) {
            throw new IllegalArgumentException(
                    "training.minMin.warmUpSteps is " + warmUpSteps + ", and the vector takes " + steps
                            + " steps in all, so the copy would take none; lower it, train for more epochs, or use objective"
                            + " SingleLevel");
        }
    }
}
