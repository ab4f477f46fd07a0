package dev.safefinetune.operator.observe;

import dev.safefinetune.operator.observe.PodFacts.Disruption;
import dev.safefinetune.operator.observe.PodFacts.Termination;
import dev.safefinetune.operator.observe.PodFacts.Waiting;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
        ContainerState container = trainer(status);
        return new PodFacts(
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                status.getPhase() == null ? "Pending" : status.getPhase(),
                status.getReason(),
                Instant.parse(pod.getMetadata().getCreationTimestamp()),
                waiting(status, container),
                isEnding(status) ? null : termination(container),
                disruption(status),
                isSilent(status, container));
    }

    /**
     * Whether the pod has no other container, and the kubelet has not ended it yet. It writes a container's end down first and
     * the pod's a moment later; what is read in between must not look like a pod that another container keeps alive.
     */
    private static boolean isEnding(PodStatus status) {
        return "Running".equals(status.getPhase())
                && statuses(status.getContainerStatuses())
                        .allMatch(container -> Names.TRAINER.equals(container.getName()));
    }

    /** By its name: what others inject into the pod may stand before it or behind it. */
    private static ContainerState trainer(PodStatus status) {
        return statuses(status.getContainerStatuses())
                .filter(container -> Names.TRAINER.equals(container.getName()))
                .map(PodReading::state)
                .findFirst()
                .orElseGet(ContainerState::new);
    }

    private static @Nullable Waiting waiting(PodStatus status, ContainerState trainer) {
        return Optional.ofNullable(stuck(trainer, ""))
                .or(() -> others(status))
                .or(() -> conditions(status)
                        .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
                        .findFirst()
                        .map(PodReading::unscheduled))
                .orElse(null);
    }

    /** The trainer starts after the pod's init containers, and a sidecar that cannot start keeps the pod pending too. */
    private static Optional<Waiting> others(PodStatus status) {
        return Stream.concat(statuses(status.getInitContainerStatuses()), statuses(status.getContainerStatuses()))
                .filter(container -> !Names.TRAINER.equals(container.getName()))
                .flatMap(container ->
                        Stream.ofNullable(stuck(state(container), "container " + container.getName() + ": ")))
                .findFirst();
    }

    private static @Nullable Waiting stuck(ContainerState container, String whose) {
        ContainerStateWaiting waiting = container.getWaiting();
        return waiting == null || waiting.getReason() == null || ON_THE_WAY.contains(waiting.getReason())
                ? null
                : new Waiting(waiting.getReason(), whose + text(waiting.getMessage()));
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
                        end.getExitCode() == null ? -1 : end.getExitCode(),
                        end.getReason(),
                        end.getMessage(),
                        end.getFinishedAt() == null ? null : Instant.parse(end.getFinishedAt()));
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

    private static Stream<ContainerStatus> statuses(@Nullable List<ContainerStatus> containers) {
        return containers == null ? Stream.empty() : containers.stream();
    }

    private static ContainerState state(ContainerStatus container) {
        return container.getState() == null ? new ContainerState() : container.getState();
    }

    private static Stream<PodCondition> conditions(PodStatus status) {
        return status.getConditions() == null ? Stream.empty() : status.getConditions().stream();
    }

    private static String text(@Nullable String message) {
        return message == null ? "" : message;
    }
}
