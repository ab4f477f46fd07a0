package dev.safefinetune.trainer.train;

/** Told of each step; called on the training thread, so it must be quick. */
@FunctionalInterface
public interface TrainingListener {
    TrainingListener NONE = (step, steps, tokens) -> {};

    /**
     * Before the first step of a training that goes on where an earlier process was ended.
     *
     * @param done optimizer steps made so far
     * @param steps optimizer steps in all, cooldown included
     * @param tokens tokens through the model since training began, in that process
     */
    default void resumed(int done, int steps, long tokens) {}

    /**
     * After an optimizer step.
     *
     * @param step what happened in it
     * @param steps optimizer steps in all, cooldown included
     * @param tokens tokens through the model since training began
     */
    void stepped(StepRecord step, int steps, long tokens);
}
