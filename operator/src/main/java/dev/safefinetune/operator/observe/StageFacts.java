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
 * @param specDigest that its job spec had when the Job was made; absent on Jobs of releases that did not write it down
 * @param spec the stage's job spec, once the Job is complete
 * @param control what keeps it from making pods
 */
public record StageFacts(
        String job,
        State state,
        @Nullable String reason,
        Instant created,
        @Nullable Instant ended,
        List<PodFacts> pods,
        @Nullable String specDigest,
        @Nullable SpecFacts spec,
        JobControl control) {

    /** Where a Job stands, by its conditions. */
    public enum State {
        ACTIVE,
        COMPLETE,
        FAILED
    }

    /**
     * A stage's job spec as it lies in its ConfigMap.
     *
     * @param text of the job spec
     * @param made when the ConfigMap was made
     */
    public record SpecFacts(String text, Instant made) {}

    public StageFacts {
        pods = List.copyOf(pods);
    }
}
