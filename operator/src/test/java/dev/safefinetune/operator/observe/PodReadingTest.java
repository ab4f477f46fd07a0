package dev.safefinetune.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.operator.world.Manifests;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodReadingTest {
    private static PodFacts read(String status) {
        Pod pod = Manifests.read("{metadata: {name: p, uid: u, creationTimestamp: '2026-01-01T00:00:00Z'}}", Pod.class);
        pod.setStatus(Manifests.read(status, PodStatus.class));
        return PodReading.facts(pod);
    }

    /** The control plane takes Ready away without a reason; a kubelet, which answers, gives one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "False   |                    | true",
                "Unknown |                    | true",
                "False   | ContainersNotReady | false",
                "False   | PodCompleted       | false",
                "True    |                    | false",
            })
    void noticesANodeThatDoesNotAnswer(String ready, String reason, boolean silent) {
        String said = reason == null ? "" : ", reason: " + reason;

        assertThat(read("{phase: Running, conditions: [{type: Ready, status: '" + ready + "'" + said
                                + "}], containerStatuses: [{name: trainer, state: {running: {}}}]}")
                        .silent())
                .isEqualTo(silent);
    }

    @Test
    void noticesAPodThatTheClusterHasLostSightOf() {
        assertThat(read("{phase: Unknown}").silent()).isTrue();
        assertThat(read("{phase: Running, reason: NodeLost}").silent()).isTrue();
        assertThat(read("{phase: Pending}").silent()).isFalse();
    }

    @Test
    void readsWhyAPodHasToLeave() {
        PodFacts leaving = read(
                "{phase: Running, conditions: [{type: DisruptionTarget, status: 'True', reason: EvictionByEvictionAPI,"
                        + " message: evicted}]}");

        assertThat(leaving.disruption()).isEqualTo(new PodFacts.Disruption("EvictionByEvictionAPI", "evicted"));
        assertThat(read("{phase: Running, conditions: [{type: DisruptionTarget, status: 'False'}]}")
                        .disruption())
                .isNull();
    }

    /** A proxy is injected before the trainer or behind it, and its status says nothing of the trainer's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: proxy, state: {running: {}}}, {name: trainer, state: {terminated: {exitCode: 0, message: m}}}",
                "{name: trainer, state: {terminated: {exitCode: 0, message: m}}}, {name: proxy, state: {running: {}}}",
                "{name: proxy, state: {terminated: {exitCode: 9}}},"
                        + " {name: trainer, state: {terminated: {exitCode: 0, message: m}}}",
            })
    void readsTheTrainersStatusByItsName(String containers) {
        assertThat(read("{phase: Running, containerStatuses: [" + containers + "]}")
                        .termination())
                .isEqualTo(new PodFacts.Termination(0, null, "m"));
    }

    /** A kubelet tells of the container first. Taken for a pod that goes on, its Job would be deleted in mid-completion. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aPodThatTheKubeletIsAboutToEndHasNotEnded(int exitCode) {
        String containers = "[{name: trainer, state: {terminated: {exitCode: " + exitCode + ", message: m}}}]";

        assertThat(read("{phase: Running, containerStatuses: " + containers + "}")
                        .termination())
                .isNull();
        assertThat(read("{phase: Succeeded, containerStatuses: " + containers + "}")
                        .termination())
                .isEqualTo(new PodFacts.Termination(exitCode, null, "m"));
    }

    @Test
    void aProxyThatHasEndedIsNoTrainerThatHas() {
        assertThat(read("{phase: Running, containerStatuses: [{name: proxy, state: {terminated: {exitCode: 0}}},"
                                + " {name: trainer, state: {running: {}}}]}")
                        .termination())
                .isNull();
    }

    @Test
    void namesTheInjectedContainerThatThePodWaitsFor() {
        assertThat(read("{phase: Pending, initContainerStatuses: [{name: istio-init, state: {waiting:"
                                + " {reason: ImagePullBackOff, message: Back-off}}}], containerStatuses: [{name: trainer,"
                                + " state: {waiting: {reason: PodInitializing}}}]}")
                        .waiting())
                .isEqualTo(new PodFacts.Waiting("ImagePullBackOff", "container istio-init: Back-off"));
    }
}
