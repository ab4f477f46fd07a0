package dev.safefinetune.trainer.train;

import java.util.List;

/**
 * What happened in a training up to a whole number of optimizer steps: with the tensors of {@link Checkpoints.Memory},
 * all that another process needs to go on.
 *
 * <p>Data order and scheduler are not in it: both follow from the settings and the number of steps made. Nothing else in
 * training is random.
 *
 * @param total optimizer steps in all, cooldown included
 * @param steps every step so far
 * @param probes losses with and without the vector so far
 * @param tokens tokens through the model so far
 * @param nanos of the steps alone
 * @param threads of the native library: with another number sums are rounded otherwise
 * @param microBatchTokens as which steps were cut last, likewise
 */
public record TrainingState(
        int total,
        List<StepRecord> steps,
        List<ProbeRecord> probes,
        long tokens,
        long nanos,
        int threads,
        int microBatchTokens) {
    public TrainingState {
        steps = List.copyOf(steps);
        probes = List.copyOf(probes);
        if (steps.size() > total) {
            throw new IllegalArgumentException("steps must be at most " + total + ", were " + steps.size());
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).step() != i + 1) {
                throw new IllegalArgumentException("step " + (i + 1) + " is missing");
            }
        }
    }

    /** Steps made. */
    public int done() {
        return steps.size();
    }
}
