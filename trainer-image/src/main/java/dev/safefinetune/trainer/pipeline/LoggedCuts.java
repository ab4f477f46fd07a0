package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.trainer.train.MemoryBudget;
import dev.safefinetune.trainer.train.StepRecord;
import dev.safefinetune.trainer.train.TrainingListener;

/** Says in the log how steps are cut so that they fit, and when memory ran out and they are cut smaller. */
record LoggedCuts(TrainingListener to, EventLog log) implements TrainingListener {
    @Override
    public void cut(MemoryBudget budget, boolean again) {
        log.event(
                again ? "memory ran out; the step begins anew in smaller parts" : "steps are cut",
                "microBatchTokens",
                budget.microBatchTokens(),
                "checkpointingAboveBytes",
                budget.keptBytes());
    }

    @Override
    public void resumed(int done, int steps, long tokens) {
        to.resumed(done, steps, tokens);
    }

    @Override
    public void stepped(StepRecord step, int steps, long tokens) {
        to.stepped(step, steps, tokens);
    }
}
