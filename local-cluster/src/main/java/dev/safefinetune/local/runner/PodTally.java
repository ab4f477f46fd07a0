package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Job's pods, counted.
 *
 * <p>A pod that ended is counted once: it carries {@value #TRACKING} until its uid stands in the Job's status.
 */
record PodTally(Job job, List<Pod> pods) {
    static final String TRACKING = "batch.kubernetes.io/job-tracking";

    static boolean isTracked(Pod pod) {
        return pod.getMetadata().getFinalizers().contains(TRACKING);
    }

    static boolean isEnded(Pod pod) {
        return Set.of("Succeeded", "Failed").contains(pod.getStatus().getPhase());
    }

    /** Pods at work, or soon. */
    List<Pod> active() {
        return pods.stream()
                .filter(p -> !isEnded(p) && p.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** Pods that were asked to end and have not yet. */
    List<Pod> terminating() {
        return pods.stream()
                .filter(p -> !isEnded(p) && p.getMetadata().getDeletionTimestamp() != null)
                .toList();
    }

    /** Pods that ended and are not counted. */
    List<Pod> uncounted(String phase) {
        return pods.stream()
                .filter(p -> isTracked(p) && phase.equals(p.getStatus().getPhase()))
                .toList();
    }

    /** What the Job's pod failure policy says of a failed pod; {@code Count} where it says nothing. */
    String action(Pod pod) {
        if (job.getSpec().getPodFailurePolicy() == null) {
            return "Count";
        }
        return job.getSpec().getPodFailurePolicy().getRules().stream()
                .filter(r -> matches(r, pod))
                .map(PodFailurePolicyRule::getAction)
                .findFirst()
                .orElse("Count");
    }

    private static boolean matches(PodFailurePolicyRule rule, Pod pod) {
        boolean byCondition = rule.getOnPodConditions().stream()
                .anyMatch(wanted -> pod.getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals(wanted.getType())
                                && c.getStatus().equals(wanted.getStatus() == null ? "True" : wanted.getStatus())));
        if (byCondition || rule.getOnExitCodes() == null) {
            return byCondition;
        }
        var wanted = rule.getOnExitCodes();
        return pod.getStatus().getContainerStatuses().stream()
                .filter(c -> wanted.getContainerName() == null
                        || wanted.getContainerName().equals(c.getName()))
                .filter(c -> c.getState().getTerminated() != null)
                .map(c -> c.getState().getTerminated().getExitCode())
                .filter(code -> code != 0)
                .anyMatch(code -> wanted.getValues().contains(code)
                        == wanted.getOperator().equals("In"));
    }

    /** When the last pod failed. */
    Optional<Instant> lastFailure() {
        return pods.stream()
                .filter(p -> "Failed".equals(p.getStatus().getPhase()))
                .flatMap(p -> p.getStatus().getContainerStatuses().stream())
                .filter(c -> c.getState().getTerminated() != null
                        && c.getState().getTerminated().getFinishedAt() != null)
                .map(c -> Instant.parse(c.getState().getTerminated().getFinishedAt()))
                .max(Instant::compareTo);
    }
}
