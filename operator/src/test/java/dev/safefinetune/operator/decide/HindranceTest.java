package dev.safefinetune.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.observe.JobControl;
import dev.safefinetune.operator.observe.JobControl.Hold;
import dev.safefinetune.operator.observe.PodFacts;
import dev.safefinetune.operator.observe.PodFacts.Disruption;
import dev.safefinetune.operator.observe.PodFacts.Termination;
import dev.safefinetune.operator.observe.PodFacts.Waiting;
import dev.safefinetune.operator.observe.StageFacts;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Why a stage does not get on, by what the cluster shows of its Job and pods. */
class HindranceTest {
    private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = MADE.plusSeconds(10);

    private static StageFacts stage(JobControl control, PodFacts... pods) {
        return new StageFacts(
                "bot-1-train", StageFacts.State.ACTIVE, null, MADE, null, List.of(pods), null, null, control);
    }

    private static PodFacts waits(String reason, String message) {
        return new PodFacts("p", "u", "Pending", null, MADE, new Waiting(reason, message), null);
    }

    private static PodFacts leaves(String reason, @Nullable String podReason) {
        return new PodFacts(
                "p", "u", "Failed", podReason, MADE, null, null, new Disruption(reason, "somebody said so"), false);
    }

    private static PodFacts failed(int exitCode, String reason) {
        return new PodFacts("p", "u", "Failed", null, MADE, null, new Termination(exitCode, reason, null));
    }

    private record Case(String name, StageFacts stage, Reason reason, boolean queued, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(String name, PodFacts pod, Reason reason, boolean queued, String said) {
        return new Case(name, stage(JobControl.FREE, pod), reason, queued, said);
    }

    static Stream<Case> cases() {
        PodFacts running = new PodFacts("p", "u", "Running", null, MADE, null, null);
        return Stream.of(
                of(
                        "no node has room",
                        waits("Unschedulable", "0/3 nodes are available: 3 Insufficient nvidia.com/gpu."),
                        Reason.UNSCHEDULABLE,
                        true,
                        "Insufficient nvidia.com/gpu"),
                of(
                        "a claim is bound to nothing",
                        waits("Unschedulable", "pod has unbound immediate PersistentVolumeClaims"),
                        Reason.VOLUME_NOT_BOUND,
                        true,
                        "PersistentVolumeClaim bot-1-scratch is not bound"),
                of("an image is not there", waits("ErrImagePull", "not found"), Reason.IMAGE_PULL_ERROR, true, "not"),
                of(
                        "an image is still not there",
                        waits("ImagePullBackOff", "Back-off"),
                        Reason.IMAGE_PULL_ERROR,
                        true,
                        "Back-off"),
                of(
                        "a container that cannot be made",
                        waits("CreateContainerConfigError", "no such Secret"),
                        Reason.POD_PENDING,
                        true,
                        "no such Secret"),
                of(
                        "a drained node",
                        leaves("EvictionByEvictionAPI", null),
                        Reason.NODE_DRAINED,
                        false,
                        "EvictionByEvictionAPI"),
                of(
                        "a taint that the pod does not tolerate",
                        leaves("DeletionByTaintManager", null),
                        Reason.NODE_DRAINED,
                        false,
                        "somebody said so"),
                of(
                        "a node that shuts down",
                        leaves("TerminationByKubelet", "Terminated"),
                        Reason.NODE_DRAINED,
                        false,
                        ""),
                of("a node short of memory", leaves("TerminationByKubelet", "Evicted"), Reason.EVICTED, false, ""),
                of("a pod of higher priority", leaves("PreemptionByScheduler", null), Reason.PREEMPTED, false, ""),
                of("a node that is gone", leaves("DeletionByPodGC", null), Reason.NODE_LOST, false, ""),
                of(
                        "a node that does not answer",
                        new PodFacts("p", "u", "Running", null, MADE, null, null, null, true),
                        Reason.NODE_LOST,
                        false,
                        "does not answer"),
                of("no memory", failed(137, "OOMKilled"), Reason.OUT_OF_MEMORY, false, "tried again"),
                of("a full disk", failed(30, "Error"), Reason.STORAGE, false, "exit code 30; it is tried again"),
                of("a signal", failed(137, "Error"), Reason.RESULT_MISSING, false, "exit code 137"),
                new Case(
                        "a queue holds the Job",
                        stage(new JobControl(Hold.OTHERS, 0, true, null)),
                        Reason.JOB_HELD,
                        true,
                        "spec.suspend"),
                new Case(
                        "a Job that was told to make no pod",
                        stage(new JobControl(Hold.NONE, 0, false, null), running),
                        Reason.JOB_CHANGED,
                        true,
                        "parallelism"),
                new Case(
                        "a quota that is used up",
                        stage(new JobControl(Hold.NONE, 0, true, "pods \"x\" is forbidden: exceeded quota: gpus")),
                        Reason.QUOTA_EXCEEDED,
                        true,
                        "exceeded quota: gpus"),
                new Case(
                        "a pod that admission refuses",
                        stage(new JobControl(Hold.NONE, 0, true, "violates PodSecurity \"restricted:latest\"")),
                        Reason.POD_REFUSED,
                        true,
                        "PodSecurity"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysWhyAStageDoesNotGetOn(Case each) {
        assertThat(Hindrance.of(Stage.TRAIN, each.stage(), Set.of("bot-1-scratch"), NOW))
                .hasValueSatisfying(hindrance -> {
                    assertThat(hindrance.reason()).isEqualTo(each.reason());
                    assertThat(hindrance.queued()).isEqualTo(each.queued());
                    assertThat(hindrance.message()).contains(each.said());
                });
    }

    @Test
    void healsWithThePodThatTakesTheOthersPlace() {
        PodFacts next = new PodFacts("q", "v", "Running", null, MADE.plusSeconds(5), null, null);

        assertThat(Hindrance.of(
                        Stage.TRAIN,
                        stage(JobControl.FREE, leaves("EvictionByEvictionAPI", null), next),
                        Set.of(),
                        NOW))
                .isEmpty();
    }

    @Test
    void aPodThatSaysNothingWaitsOnceItShouldHaveStarted() {
        PodFacts silent = new PodFacts("p", "u", "Pending", null, MADE, null, null);

        assertThat(Hindrance.of(Stage.TRAIN, stage(JobControl.FREE, silent), Set.of(), NOW))
                .isEmpty();
        assertThat(Hindrance.of(
                        Stage.TRAIN, stage(JobControl.FREE, silent), Set.of(), MADE.plus(Hindrance.UNTIL_STARTED)))
                .hasValueSatisfying(hindrance -> assertThat(hindrance.queued()).isTrue());
    }
}
