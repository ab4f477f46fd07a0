package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What takes a training pod away: the resource says what it was, another pod goes on, and the run ends as if nothing had been. */
@ExtendWith(OperatorLog.class)
class InterruptedE2E {
    @RegisterExtension
    static final SharedTeam TEAM = new SharedTeam();

    private static final Duration STAGES = Duration.ofMinutes(8);
    private static final Duration SECONDS = Duration.ofSeconds(60);

    @Test
    void aPodThatIsEvictedByTheApiIsReplacedAndTheRunSucceeds() {
        Run run = TEAM.apply(LongRun.fineTune("evicted"));
        Pod pod = LongRun.training(run);
        Cluster.client()
                .pods()
                .inNamespace(run.namespace())
                .withName(pod.getMetadata().getName())
                .evict(new EvictionBuilder()
                        .withNewMetadata()
                        .withName(pod.getMetadata().getName())
                        .withNamespace(run.namespace())
                        .endMetadata()
                        .build());
        Figures.print("evicted, eviction to the reason", run.awaitReason("NodeDrained", SECONDS));
        goesOn(run, pod);
    }

    @Test
    @Tag("node")
    void aTrainerKilledByKill9IsReplacedAndTheRunSucceeds() {
        Run run = TEAM.apply(LongRun.fineTune("killed"));
        Pod pod = LongRun.training(run);
        KindNode.kill(pod);
        goesOn(run, pod);
    }

    /** A limit that the trainer cannot live in: each try ends the same way, and the reason stays. */
    @Test
    void aPodThatIsKilledForItsMemoryIsOutOfMemory() {
        Run run = TEAM.apply(
                Wish.fineTune("hungry").with("spec.resources.memory", "96Mi").with("spec.runPolicy.maxRetries", 0));
        run.awaitPhase("Failed", STAGES);

        assertThat(run.condition("Failed").path("reason").asText()).isEqualTo("OutOfMemory");
        assertThat(run.condition("Stalled").path("status").asText()).isEqualTo("True");
    }

    /** Another pod ends what the first one began, from its last checkpoint on. */
    private static void goesOn(Run run, Pod first) {
        long begin = System.nanoTime();
        run.await(
                "another pod of Train",
                STAGES,
                seen -> seen.runningPod("Train")
                        .filter(pod -> !pod.getMetadata()
                                .getUid()
                                .equals(first.getMetadata().getUid()))
                        .isPresent());
        Figures.print(run.name() + ", to another running pod", Duration.ofNanos(System.nanoTime() - begin));
        run.awaitPhase("Succeeded", STAGES);
        assertThat(run.status().path("run").path("id").asText()).endsWith("-1");
        LongRun.assertWentOnFromACheckpoint(run);
    }
}
