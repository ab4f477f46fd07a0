package dev.safefinetune.operator.observe;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A pod of a stage's Job.
 *
 * @param name the pod's name
 * @param uid the pod's uid
 * @param phase as the kubelet states it: Pending, Running, Succeeded, Failed, Unknown
 * @param reason of the pod as a whole, such as Evicted
 * @param created when the pod was made
 * @param waiting why its trainer has not started, or why no node takes it
 * @param termination how its trainer ended; other containers of the pod may go on
 * @param disruption why it has to leave its node
 * @param silent whether its node has stopped answering
 */
public record PodFacts(
        String name,
        String uid,
        String phase,
        @Nullable String reason,
        Instant created,
        @Nullable Waiting waiting,
        @Nullable Termination termination,
        @Nullable Disruption disruption,
        boolean silent) {
    /** Times are in seconds: of two pods of one second, the one that has not ended is the other's successor. */
    public static final Comparator<PodFacts> LATEST_LAST = Comparator.comparing(PodFacts::created)
            .thenComparing(pod -> pod.termination() == null && !pod.phase().equals("Failed"));

    /** A pod whose node answers and keeps it. */
    public PodFacts(
            String name,
            String uid,
            String phase,
            @Nullable String reason,
            Instant created,
            @Nullable Waiting waiting,
            @Nullable Termination termination) {
        this(name, uid, phase, reason, created, waiting, termination, null, false);
    }

    /**
     * Why a pod has not started.
     *
     * @param reason one word, such as Unschedulable or ImagePullBackOff
     * @param message for people
     */
    public record Waiting(String reason, String message) {}

    /** Whether its trainer has failed while another container, such as a mesh's proxy, keeps the pod from ending. */
    public boolean outlivesAFailure() {
        return termination != null && termination.exitCode() != 0 && phase.equals("Running");
    }

    /** Whether its trainer has ended well in a pod that has not: another container goes on, or has failed. */
    public boolean isDoneByItself() {
        return termination != null && termination.exitCode() == 0 && !phase.equals("Succeeded");
    }

    /**
     * How the trainer ended.
     *
     * @param exitCode of the process
     * @param reason one word, such as Completed, Error or OOMKilled
     * @param message what the process left in its termination message; absent when it left none
     * @param ended when; absent where the kubelet does not say
     */
    public record Termination(
            int exitCode,
            @Nullable String reason,
            @Nullable String message,
            @Nullable Instant ended) {
        /** One whose time is not told. */
        public Termination(int exitCode, @Nullable String reason, @Nullable String message) {
            this(exitCode, reason, message, null);
        }
    }

    /**
     * Why a pod has to leave its node, by its condition DisruptionTarget.
     *
     * @param reason one word, such as EvictionByEvictionAPI
     * @param message for people
     */
    public record Disruption(String reason, String message) {}
}
