package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.observe.JobControl;
import dev.safefinetune.operator.observe.PodFacts;
import dev.safefinetune.operator.observe.PodFacts.Termination;
import dev.safefinetune.operator.observe.PodFacts.Waiting;
import dev.safefinetune.operator.observe.StageFacts;
import dev.safefinetune.operator.plan.FailurePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a stage that is at work does not get on, and may all the same: the cluster or the Job's next pod may heal it.
 *
 * @param reason in one word
 * @param message for people
 * @param queued whether the stage waits for a place, so that its time counts as queued and not as at work
 */
public record Hindrance(Reason reason, String message, boolean queued) {
    /** A pod that has not started by then is waiting for something, whether it says so or not. */
    static final Duration UNTIL_STARTED = Duration.ofMinutes(1);

    private static final Set<String> OF_THE_IMAGE = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "ImageInspectError",
            "RegistryUnavailable",
            "SignatureValidationFailed");

    /** What hinders a stage whose Job has not ended; {@code kind} says which ends of its pods are final. */
    static Optional<Hindrance> of(Stage kind, StageFacts stage, Set<String> unbound, Instant now) {
        JobControl control = stage.control();
        if (control.hold() == JobControl.Hold.OTHERS) {
            return queued(
                    Reason.JOB_HELD,
                    "Job " + stage.job() + " has spec.suspend true, which this operator did not set;"
                            + " whatever holds it has to let it go");
        }
        if (!control.makesPods()) {
            return queued(Reason.JOB_CHANGED, "Job " + stage.job() + " has spec.parallelism 0; it must be 1");
        }
        return stage.pods().stream()
                .max(PodFacts.LATEST_LAST)
                .map(pod -> ofPod(kind, pod, unbound, now))
                .orElseGet(() -> ofRefusal(control.refusal()));
    }

    private static Optional<Hindrance> ofRefusal(@Nullable String refusal) {
        if (refusal == null) {
            return Optional.empty();
        }
        return queued(refusal.contains("exceeded quota") ? Reason.QUOTA_EXCEEDED : Reason.POD_REFUSED, refusal);
    }

    private static Optional<Hindrance> ofPod(Stage kind, PodFacts pod, Set<String> unbound, Instant now) {
        if (pod.silent()) {
            return atWork(Reason.NODE_LOST, "the node of pod " + pod.name() + " does not answer");
        }
        if (pod.disruption() != null) {
            return atWork(
                    disrupted(pod),
                    "pod " + pod.name() + " has to leave its node ("
                            + pod.disruption().reason() + ")"
                            + (pod.disruption().message().isEmpty()
                                    ? ""
                                    : ": " + pod.disruption().message()));
        }
        Termination end = pod.termination();
        if (pod.phase().equals("Failed") || end != null && end.exitCode() != 0) {
            return failed(kind, pod, end);
        }
        return pod.phase().equals("Pending") ? pending(pod, unbound, now) : Optional.empty();
    }

    /** Why a pod had to leave its node. */
    static Reason disrupted(PodFacts pod) {
        String reason = pod.disruption() == null ? "" : pod.disruption().reason();
        return switch (reason) {
            case "PreemptionByScheduler" -> Reason.PREEMPTED;
            case "DeletionByPodGC" -> Reason.NODE_LOST;
            case "TerminationByKubelet" -> "Evicted".equals(pod.reason()) ? Reason.EVICTED : Reason.NODE_DRAINED;
            default -> Reason.NODE_DRAINED;
        };
    }

    /** Nothing hinders a run that the pod has ended: the Job is about to say so, with what the pod stated. */
    private static Optional<Hindrance> failed(Stage kind, PodFacts pod, @Nullable Termination end) {
        FailurePolicy.Consequence next =
                end == null ? FailurePolicy.Consequence.TRIED_AGAIN : FailurePolicy.after(kind, end.exitCode());
        if (next == FailurePolicy.Consequence.RUN_ENDS) {
            return Optional.empty();
        }
        String again = next == FailurePolicy.Consequence.REPLACED
                ? "; another pod takes its place"
                : "; it is tried again, spec.runPolicy.maxRetries times at most";
        if ("Evicted".equals(pod.reason())) {
            return atWork(Reason.EVICTED, "pod " + pod.name() + " was evicted" + again);
        }
        if (end == null) {
            return atWork(Reason.RESULT_MISSING, "pod " + pod.name() + " ended without having run" + again);
        }
        String how = "pod " + pod.name() + " ended with exit code " + end.exitCode() + again;
        if ("OOMKilled".equals(end.reason())) {
            return atWork(Reason.OUT_OF_MEMORY, "pod " + pod.name() + " was killed for want of memory" + again);
        }
        return atWork(Fault.ofExitCode(end.exitCode()).map(Faults::reason).orElse(Reason.RESULT_MISSING), how);
    }

    private static Optional<Hindrance> pending(PodFacts pod, Set<String> unbound, Instant now) {
        Waiting waiting = pod.waiting();
        if (waiting == null) {
            if (pod.created().plus(UNTIL_STARTED).isAfter(now)) {
                return Optional.empty();
            }
            return queued(Reason.POD_PENDING, "pod " + pod.name() + " has not started; kubectl describe says more");
        }
        String said = waiting.reason() + (waiting.message().isEmpty() ? "" : ": " + waiting.message());
        if (OF_THE_IMAGE.contains(waiting.reason())) {
            return queued(Reason.IMAGE_PULL_ERROR, said);
        }
        if (!waiting.reason().equals("Unschedulable")) {
            return queued(Reason.POD_PENDING, said);
        }
        boolean volume = waiting.message().toLowerCase(Locale.ROOT).contains("persistentvolumeclaim");
        return volume && !unbound.isEmpty()
                ? queued(
                        Reason.VOLUME_NOT_BOUND,
                        "PersistentVolumeClaim "
                                + String.join(", ", unbound.stream().sorted().toList()) + " is not bound; " + said)
                : queued(Reason.UNSCHEDULABLE, said);
    }

    private static Optional<Hindrance> queued(Reason reason, String message) {
        return Optional.of(new Hindrance(reason, message, true));
    }

    private static Optional<Hindrance> atWork(Reason reason, String message) {
        return Optional.of(new Hindrance(reason, message, false));
    }
}
