package dev.safefinetune.operator.observe;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stage's Job, which exists and belongs to the run.
 *
 * @param job the Job's name
 * @param state whether it has ended
 * @param reason of a failed Job, such as BackoffLimitExceeded
 * @param created when the Job was made
 * @param ended when it was seen complete or failed
 * @param pods its pods, those only that the Job controls
 * @param spec the text of the job spec in the stage's ConfigMap; absent when there is none
 */
public record StageFacts(
        String job,
        State state,
        @Nullable String reason,
        Instant created,
        @Nullable Instant ended,
        List<PodFacts> pods,
        @Nullable String spec) {

    /** Where a Job stands, by its conditions. */
    public enum State {
        ACTIVE,
        COMPLETE,
        FAILED
    }

    public StageFacts {
        pods = List.copyOf(pods);
    }
}
