package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.observe.PodFacts.Waiting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is to happen next. */
public sealed interface Decision {
    /** The run has ended and its resource says so; nothing happens any more. */
    record Settled() implements Decision {}

    /** Nothing is created: the wish itself is refused, until it or what refuses it is changed. */
    record Refuse(Reason reason, String message) implements Decision {}

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

    /** The stage's objects are created. */
    record Begin(StageTask task) implements Decision {}

    /** A stage is at work; {@code waiting} says why its pod has not started, where it has not. */
    record AtWork(Stage stage, @Nullable Waiting waiting) implements Decision {}

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
