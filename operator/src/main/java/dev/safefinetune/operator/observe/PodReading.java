package dev.safefinetune.operator.observe;

import dev.safefinetune.operator.observe.PodFacts.Disruption;
import dev.safefinetune.operator.observe.PodFacts.Termination;
import dev.safefinetune.operator.observe.PodFacts.Waiting;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a pod's status says, as far as a decision needs it. */
final class PodReading {
    /** A container that waits for one of these is about to start. */
    private static final Set<String> ON_THE_WAY = Set.of("ContainerCreating", "PodInitializing");

    private PodReading() {}

    static PodFacts facts(Pod pod) {
        PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        ContainerState container = container(status);
        return new PodFacts(
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                status.getPhase() == null ? "Pending" : status.getPhase(),
                status.getReason(),
                Instant.parse(pod.getMetadata().getCreationTimestamp()),
                waiting(status, container),
                termination(container),
                disruption(status),
                isSilent(status, container));
    }

    private static ContainerState container(PodStatus status) {
        List<ContainerStatus> containers = status.getContainerStatuses();
        return containers == null
                        || containers.isEmpty()
                        || containers.getFirst().getState() == null
                ? new ContainerState()
                : containers.getFirst().getState();
    }

    private static @Nullable Waiting waiting(PodStatus status, ContainerState container) {
        if (container.getWaiting() != null
                && container.getWaiting().getReason() != null
                && !ON_THE_WAY.contains(container.getWaiting().getReason())) {
            return new Waiting(
                    container.getWaiting().getReason(),
                    text(container.getWaiting().getMessage()));
        }
        return conditions(status)
                .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
                .findFirst()
                .map(PodReading::unscheduled)
                .orElse(null);
    }

    private static Waiting unscheduled(PodCondition condition) {
        return new Waiting(
                condition.getReason() == null ? "Unschedulable" : condition.getReason(), text(condition.getMessage()));
    }

    private static @Nullable Termination termination(ContainerState container) {
        ContainerStateTerminated end = container.getTerminated();
        return end == null
                ? null
                : new Termination(
                        end.getExitCode() == null ? -1 : end.getExitCode(), end.getReason(), end.getMessage());
    }

    private static @Nullable Disruption disruption(PodStatus status) {
        return conditions(status)
                .filter(c -> "DisruptionTarget".equals(c.getType()) && "True".equals(c.getStatus()))
                .findFirst()
                .map(c -> new Disruption(text(c.getReason()), text(c.getMessage())))
                .orElse(null);
    }

    /**
     * Whether the cluster has given up hope of the node for now: it takes Ready away from a container that runs, and
     * gives no reason as a kubelet would. The trainer has no probe that could do so.
     */
    private static boolean isSilent(PodStatus status, ContainerState container) {
        return "Unknown".equals(status.getPhase())
                || "NodeLost".equals(status.getReason())
                || container.getRunning() != null
                        && conditions(status)
                                .anyMatch(c -> "Ready".equals(c.getType())
                                        && !"True".equals(c.getStatus())
                                        && text(c.getReason()).isEmpty());
    }

    private static Stream<PodCondition> conditions(PodStatus status) {
        return status.getConditions() == null ? Stream.empty() : status.getConditions().stream();
    }

    private static String text(@Nullable String message) {
        return message == null ? "" : message;
    }
}
