package dev.safefinetune.operator.observe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pod of a stage's Job.
 *
 * @param name the pod's name
 * @param uid the pod's uid
 * @param phase as the kubelet states it: Pending, Running, Succeeded, Failed, Unknown
 * @param reason of the pod as a whole, such as Evicted
 * @param created when the pod was made
 * @param waiting why its container has not started, or why no node takes it
 * @param termination how its container ended
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

    /**
     * How the container ended.
     *
     * @param exitCode of the process
     * @param reason one word, such as Completed, Error or OOMKilled
     * @param message what the process left in its termination message; absent when it left none
     */
    public record Termination(
            int exitCode, @Nullable String reason, @Nullable String message) {}

    /**
     * Why a pod has to leave its node, by its condition DisruptionTarget.
     *
     * @param reason one word, such as EvictionByEvictionAPI
     * @param message for people
     */
    public record Disruption(String reason, String message) {}
}
