package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that go: a run goes on on another one, and the resource says why. */
@Tag("workers")
@ExtendWith(OperatorLog.class)
class NodesE2E {
    @RegisterExtension
    static final SharedTeam TEAM = new SharedTeam();

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration SECONDS = Duration.ofSeconds(60);
    /** A node counts as lost after 50 s without a sign of life. */
    private static final Duration LOST = Duration.ofSeconds(120);

    @Test
    void aDrainedNodeIsNamedAndTheRunGoesOnOnAnother() {
        Run run = TEAM.apply(LongRun.fineTune("drained"));
        Pod pod = LongRun.training(run);
        String node = pod.getSpec().getNodeName();
        try {
            Command.run(
                    "kubectl",
                    "drain",
                    node,
                    "--ignore-daemonsets",
                    "--delete-emptydir-data",
                    "--force",
                    "--pod-selector=safefinetune.dev/resource=drained",
                    "--timeout=120s");
            Figures.print(
                    "node drained, to the reason",
                    run.await("NodeDrained", SECONDS, seen -> seen.gives("NodeDrained") || seen.told("NodeDrained")));
            endsElsewhere(run, pod);
        } finally {
            Command.run("kubectl", "uncordon", node);
        }
    }

    @Test
    @Tag(OperatorLog.CUT_OFF)
    void aLostNodeIsNamedAndTheRunGoesOnOnAnother() {
        Run run = TEAM.apply(LongRun.fineTune("lost"));
        Pod pod = LongRun.training(run);
        KindNode node = KindNode.of(pod);
        node.pause();
        try {
            Figures.print("node lost, to the reason", run.awaitReason("NodeLost", LOST));
        } finally {
            node.unpause();
        }
        run.awaitPhase("Succeeded", PATIENCE);
    }

    private static void endsElsewhere(Run run, Pod first) {
        run.await(
                "a pod of Train on another node",
                PATIENCE,
                seen -> seen.runningPod("Train")
                        .filter(pod -> !pod.getSpec()
                                .getNodeName()
                                .equals(first.getSpec().getNodeName()))
                        .isPresent());
        run.awaitPhase("Succeeded", PATIENCE);
        assertThat(run.status().path("run").path("id").asText()).endsWith("-1");
    }
}
