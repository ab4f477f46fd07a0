package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.EvaluationSpec;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.checks.Policies;
import dev.safefinetune.checks.Refusal;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.attempt.Attempts;
import dev.safefinetune.operator.observe.FineTuneObservation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a run's number among its attempts asks of its judgement. */
record AttemptTerms(FineTuneObservation seen, Policies policies) {
    /** Which attempt a run is that would go on to train or to be judged; absent where attempts are not counted. */
    @Nullable
    Integer number(StageTask next) {
        return switch (next) {
            case StageTask.Train train -> number(train.inputs());
            case StageTask.Evaluate evaluate -> number(evaluate.inputs());
            default -> null;
        };
    }

    private @Nullable Integer number(Inputs inputs) {
        Attempts attempts = seen.attempts();
        var run = seen.run().identity();
        return attempts == null ? null : Integer.valueOf(attempts.number(Attempts.key(run.namespace(), inputs), run));
    }

    /** What the run is judged by. */
    EvaluationThresholds thresholds(EvaluationSpec wish, Inputs inputs) {
        EvaluationThresholds thresholds = policies.thresholds(wish);
        Integer attempt = number(inputs);
        return attempt == null ? thresholds : thresholds.ofAttempt(attempt);
    }

    /** With each attempt the suite has to be larger: too small a one is told before a GPU is held. */
    Optional<Refusal> tooFewFor(StageTask next, EvaluationSpec wish, @Nullable Integer asked) {
        if (!(next instanceof StageTask.Train train) || asked == null) {
            return Optional.empty();
        }
        EvaluationThresholds thresholds = thresholds(wish, train.inputs());
        int needed = thresholds.requestsNeeded();
        return thresholds.attempt() == null || asked >= needed
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Reason.SPEC_INVALID,
                        "spec.dataset.uri",
                        "a dataset that was tried " + (thresholds.attempt() - 1)
                                + " times with this base model and did not pass",
                        "a suite of which " + asked + " harmful requests are asked can no longer show enough, attempt "
                                + thresholds.attempt() + " needs " + needed
                                + "; mend the data, or give a larger suite"));
    }
}
