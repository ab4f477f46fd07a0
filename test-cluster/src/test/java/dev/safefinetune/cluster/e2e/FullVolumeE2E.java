package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run's volume that fills while checkpoints are written to it. */
@Tag("node")
@ExtendWith(OperatorLog.class)
class FullVolumeE2E {
    @RegisterExtension
    static final SharedTeam TEAM = new SharedTeam();

    private static final Duration STAGES = Duration.ofMinutes(8);
    private static final Duration SECONDS = Duration.ofSeconds(60);

    /** Killed on the full volume, the training has nothing but the checkpoints from before it. */
    @Test
    void earlierCheckpointsAreKeptAndTheTrainingGoesOnFromThem() {
        KindNode node = KindNode.withGpus();
        try (SmallVolume volume = SmallVolume.keptFor(TEAM.team().namespace(), "full-1-scratch", node)) {
            // Two checkpoints have to be met before a fast machine is through.
            Run run = TEAM.apply(LongRun.fineTune("full")
                    .with("spec.checkpoint.every", "2s")
                    .with("spec.resources.template.nodeSelector", Map.of("kubernetes.io/hostname", node.name())));
            Pod pod = LongRun.training(run);
            volume.fill();
            run.await(
                    "a checkpoint that is not written",
                    SECONDS,
                    seen -> LongRun.log(run, pod).contains("checkpoint not written; training goes on"));
            assertThat(run.phase()).isEqualTo("Training");

            KindNode.kill(pod);
            volume.empty();
            run.awaitPhase("Succeeded", STAGES);

            assertThat(run.stage("Train").path("attempts").asInt()).isEqualTo(2);
            LongRun.assertWentOnFromACheckpoint(run);
            run.deleteAndAwait();
        }
    }
}
