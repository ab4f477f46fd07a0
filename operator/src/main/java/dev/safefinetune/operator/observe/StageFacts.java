package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.TrainingStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stage's Job, which exists and belongs to the run.
 *
 * @param job the Job's name
 * @param state whether it has ended; a Job whose trainer is done is complete, whatever another container of its pod does
 * @param reason of a failed Job, such as BackoffLimitExceeded
 * @param created when the Job was made
 * @param ended when it was seen complete or failed, or its trainer ended
 * @param pods its pods, those only that the Job controls
 * @param specDigest that its job spec had when the Job was made; absent on Jobs of releases that did not write it down
 * @param spec the stage's job spec, once its state is complete
 * @param control what keeps it from making pods
 * @param computesOn what its pods compute on, by their template; absent where it does not say
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
        JobControl control,
        @Nullable TrainingStatus computesOn) {

    /** One whose template does not say what its pods compute on. */
    public StageFacts(
            String job,
            State state,
            @Nullable String reason,
            Instant created,
            @Nullable Instant ended,
            List<PodFacts> pods,
            @Nullable String specDigest,
            @Nullable SpecFacts spec,
            JobControl control) {
        this(job, state, reason, created, ended, pods, specDigest, spec, control, null);
    }

    /** Where a Job stands, by its conditions and by how its trainer has ended. */
    public enum State {
        ACTIVE,
        COMPLETE,
        FAILED
    }

    /**
     * A stage's job spec.
     *
     * @param text of the job spec
     * @param made when what holds it was made
     * @param inTemplate whether the Job's template holds it; a ConfigMap does so for Jobs of earlier releases
     */
    public record SpecFacts(String text, Instant made, boolean inTemplate) {}

    public StageFacts {
        pods = List.copyOf(pods);
    }
}
