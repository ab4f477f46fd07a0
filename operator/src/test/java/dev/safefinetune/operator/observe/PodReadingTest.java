package dev.safefinetune.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.operator.world.Manifests;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
