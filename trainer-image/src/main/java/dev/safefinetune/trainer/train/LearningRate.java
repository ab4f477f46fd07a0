package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Hyperparameters;

/**
 * The course of the learning rate: up linearly, then as the scheduler says down to 0.
 *
 * @param settings peak, scheduler and share of warm-up
 * @param steps optimizer steps in all
 */
public record LearningRate(Hyperparameters settings, int steps) {

    /**
     * The rate of a step.
     *
     * @param step from 0
     */
    public double at(int step) {
        int warmup = (int) Math.ceil(settings.warmupRatio() * steps);
        if (step < warmup) {
            return settings.learningRate() * (step + 1) / warmup;
        }
        double done = (double) (step - warmup) / Math.max(1, steps - warmup);
        return settings.learningRate()
                * switch (settings.scheduler()) {
                    case CONSTANT -> 1;
                    case LINEAR -> 1 - done;
                    case COSINE -> (1 + Math.cos(Math.PI * done)) / 2;
                };
    }
}
