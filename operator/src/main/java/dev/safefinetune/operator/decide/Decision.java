package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.checks.Refusal;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is to happen next. */
public sealed interface Decision {
    /**
     * The run has ended and its resource says so.
     *
     * @param lookAgain when something of the run is to be cleaned up; absent: there is nothing, or all is done
     */
    record Settled(@Nullable Duration lookAgain) implements Decision {}

    /** Nothing is created: the wish itself is refused, until it or what refuses it is changed. */
    record Refuse(Reason reason, String message) implements Decision {
        /** Because of what a check found. */
        static Decision because(Refusal refusal) {
            return new Refuse(refusal.reason(), refusal.message());
        }
    }

    /**
     * Nothing is created yet.
     *
     * @param stalled whether somebody has to do something
     * @param lookAgain when to look again without being told of a change; absent: a change will tell
     */
    record Wait(
            Reason reason,
            String message,
            boolean stalled,
            @Nullable Duration lookAgain) implements Decision {}

    /**
     * Nothing is created, and what runs is asked to end, because the resource says so.
     *
     * @param stage that is held; absent before the first
     * @param job that has to be held for it; absent where none runs, or where it is held already
     */
    record Suspend(@Nullable Stage stage, @Nullable String job, String message) implements Decision {}

    /** The stage's objects are created. */
    record Begin(StageTask task) implements Decision {}

    /**
     * A stage is at work.
     *
     * @param hindrance why it does not get on, where it does not
     * @param release its Job, where the operator holds it and is to let it go
     * @param lookAgain when to look again without being told of a change
     */
    record AtWork(
            Stage stage,
            @Nullable Hindrance hindrance,
            @Nullable String release,
            @Nullable Duration lookAgain) implements Decision {}

    /** The run ends at a stage without what was wished for. */
    record Fail(Stage stage, Reason reason, String message) implements Decision {}

    /**
     * The run ends with what was wished for.
     *
     * @param publication what the last stage states
     * @param inputs what the operator told the last stage to work from: what was judged
     */
    record Succeed(StageFigures.Publication publication, Inputs inputs) implements Decision {}
}
