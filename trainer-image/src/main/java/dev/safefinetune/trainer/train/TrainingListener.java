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
     * Before the first step, and each time that memory ran out and a step is begun anew.
     *
     * @param budget how steps are cut from here on
     * @param again whether memory ran out
     */
    default void cut(MemoryBudget budget, boolean again) {}

    /**
     * After an optimizer step.
     *
     * @param step what happened in it
     * @param steps optimizer steps in all, cooldown included
     * @param tokens tokens through the model since training began
     */
    void stepped(StepRecord step, int steps, long tokens);
}
