package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** States on the API how a pod is, in the words of a kubelet. */
final class PodStatusWriter {
    private static final System.Logger LOG = System.getLogger(PodStatusWriter.class.getName());

    /** The Job controller writes to pods as well; more than a few collisions in a row do not happen. */
    private static final int ATTEMPTS = 20;

    private final KubernetesClient client;
    private final PeakMemory peaks;
    private volatile boolean closed;

    PodStatusWriter(KubernetesClient client, PeakMemory peaks) {
        this.client = client;
        this.peaks = peaks;
    }

    void waiting(Pod pod, String reason, String message) {
        event(pod, "Warning", reason, message);
        ContainerState state = new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason.equals("FailedMount") ? "ContainerCreating" : reason)
                .withMessage(message)
                .endWaiting()
                .build();
        write(
                pod,
                old -> old.edit()
                        .withPhase("Pending")
                        .withContainerStatuses(all(pod, c -> state, false))
                        .build());
    }

    void running(Pod pod) {
        String now = ContainerEnd.time(Instant.now());
        ContainerState state = new ContainerStateBuilder()
                .withNewRunning()
                .withStartedAt(now)
                .endRunning()
                .build();
        event(pod, "Normal", "Started", "Started container");
        write(
                pod,
                old -> withReady(old, "True", null)
                        .withPhase("Running")
                        .withStartTime(now)
                        .withContainerStatuses(all(pod, c -> state, true))
                        .build());
    }

    void ended(Pod pod, Map<String, ContainerEnd> ends, boolean overDeadline) {
        boolean failed = ends.values().stream().anyMatch(e -> e.exitCode() != 0);
        ends.values().forEach(e -> peaks.note(pod, e.peakBytes()));
        String id = "local://" + pod.getMetadata().getUid();
        write(
                pod,
                old -> withReady(old, "False", failed ? "PodFailed" : "PodCompleted")
                        .withPhase(failed ? "Failed" : "Succeeded")
                        .withReason(overDeadline ? "DeadlineExceeded" : null)
                        .withMessage(
                                overDeadline ? "Pod was active on the node longer than the specified deadline" : null)
                        .withContainerStatuses(all(
                                pod,
                                name -> {
                                    ContainerEnd end = ends.get(name);
                                    return end == null
                                            ? new ContainerState()
                                            : new ContainerStateBuilder()
                                                    .withTerminated(end.toStatus(id))
                                                    .build();
                                },
                                false))
                        .build());
    }

    /** A pod whose processes went with an earlier run of this cluster; no fault of its own. */
    void lost(Pod pod) {
        String now = ContainerEnd.time(Instant.now());
        ContainerState state = new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(137)
                .withReason("ContainerStatusUnknown")
                .withMessage("The container could not be located when the pod was terminated")
                .withStartedAt(pod.getStatus().getStartTime())
                .withFinishedAt(now)
                .endTerminated()
                .build();
        write(
                pod,
                old -> withReady(old, "False", "PodFailed")
                        .addToConditions(new PodConditionBuilder()
                                .withType("DisruptionTarget")
                                .withStatus("True")
                                .withReason("TerminationByKubelet")
                                .withMessage("the local cluster was stopped while the pod ran")
                                .withLastTransitionTime(now)
                                .build())
                        .withPhase("Failed")
                        .withReason("Terminated")
                        .withMessage("Pod was terminated because the local cluster was stopped")
                        .withContainerStatuses(all(pod, c -> state, false))
                        .build());
    }

    void event(Pod pod, String type, String reason, String message) {
        if (closed) {
            return;
        }
        String now = ContainerEnd.time(Instant.now());
        client.resource(new EventBuilder()
                        .withNewMetadata()
                        .withNamespace(pod.getMetadata().getNamespace())
                        .withGenerateName(pod.getMetadata().getName() + ".")
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .withUid(pod.getMetadata().getUid())
                        .endInvolvedObject()
                        .withNewSource()
                        .withComponent("local-runner")
                        .endSource()
                        .withType(type)
                        .withReason(reason)
                        .withMessage(message)
                        .withFirstTimestamp(now)
                        .withLastTimestamp(now)
                        .withCount(1)
                        .build())
                .create();
    }

    private static PodStatusBuilder withReady(PodStatus old, String ready, @Nullable String reason) {
        List<io.fabric8.kubernetes.api.model.PodCondition> conditions = new ArrayList<>(old.getConditions());
        conditions.removeIf(c -> List.of("Ready", "ContainersReady", "PodScheduled", "Initialized")
                .contains(c.getType()));
        String now = ContainerEnd.time(Instant.now());
        for (String type : List.of("PodScheduled", "Initialized")) {
            conditions.add(new PodConditionBuilder()
                    .withType(type)
                    .withStatus("True")
                    .withLastTransitionTime(now)
                    .build());
        }
        for (String type : List.of("ContainersReady", "Ready")) {
            conditions.add(new PodConditionBuilder()
                    .withType(type)
                    .withStatus(ready)
                    .withReason(reason)
                    .withLastTransitionTime(now)
                    .build());
        }
        return new PodStatusBuilder(old)
                .withConditions(conditions)
                .withHostIP("127.0.0.1")
                .withPodIP("127.0.0.1");
    }

    private static List<ContainerStatus> all(
            Pod pod, java.util.function.Function<String, ContainerState> state, boolean ready) {
        return pod.getSpec().getContainers().stream()
                .map(c -> new ContainerStatusBuilder()
                        .withName(c.getName())
                        .withImage(c.getImage())
                        .withImageID("local/" + c.getImage())
                        .withRestartCount(0)
                        .withReady(ready)
                        .withStarted(ready)
                        .withState(state.apply(c.getName()))
                        .build())
                .toList();
    }

    /** A pod that was asked to end and never said how it did. */
    void gone(Pod pod) {
        write(
                pod,
                old -> Set.of("Succeeded", "Failed").contains(old.getPhase())
                        ? old
                        : new PodStatusBuilder(old).withPhase("Failed").build());
    }

    /** From now on nothing is stated any more: the pods outlive this process on disk only. */
    void close() {
        closed = true;
    }

    private void write(Pod pod, UnaryOperator<PodStatus> change) {
        for (int attempt = 0; attempt < ATTEMPTS && !closed; attempt++) {
            try {
                // By name, so that each attempt starts from what is there now.
                client.pods()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .editStatus(p -> new PodBuilder(p)
                                .withStatus(change.apply(p.getStatus() == null ? new PodStatus() : p.getStatus()))
                                .build());
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    // Deleted meanwhile: nobody is left to read it.
                    LOG.log(
                            Level.DEBUG,
                            "status of {0} not written: {1}",
                            pod.getMetadata().getName(),
                            e.getMessage());
                    return;
                }
            } catch (IllegalStateException e) {
                if (!closed) {
                    throw e;
                }
            }
        }
    }
}
