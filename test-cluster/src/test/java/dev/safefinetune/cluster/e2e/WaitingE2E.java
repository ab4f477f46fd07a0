package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pods that cannot start: the resource says why within seconds, and goes on by itself once they can. */
@ExtendWith(OperatorLog.class)
class WaitingE2E {
    @RegisterExtension
    static final SharedTeam TEAM = new SharedTeam();

    private static final Duration STAGES = Duration.ofMinutes(5);
    private static final Duration SECONDS = Duration.ofSeconds(60);

    @Test
    void moreGpusThanThereAreIsUnschedulableAndTellsWhichResourceIsMissing() {
        Run run = TEAM.apply(Wish.fineTune("greedy").with("spec.resources.gpus", 64));
        run.await("a pod of Train", STAGES, seen -> !seen.pods("Train").isEmpty());
        Figures.print("unschedulable, from the pod to the reason", run.awaitReason("Unschedulable", SECONDS));

        assertThat(run.status().toString()).contains(Wish.GPU_RESOURCE);
        assertThat(run.phase()).isEqualTo("Queued");
    }

    @Test
    void aClaimThatIsNotBoundIsNamed() {
        Cluster.client()
                .resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName("nowhere")
                        .withNamespace(TEAM.team().namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteMany")
                        .withStorageClassName("does-not-exist")
                        .withNewResources()
                        .withRequests(Map.of("storage", new Quantity("1Gi")))
                        .endResources()
                        .endSpec()
                        .build())
                .createOr(existing -> existing.update());
        Run run = TEAM.apply(Wish.fineTune("unbound").with("spec.dataset.uri", "pvc://nowhere/train.jsonl"));
        Figures.print("claim not bound, applied to the reason", run.awaitReason("VolumeNotBound", SECONDS));

        assertThat(run.status().toString()).contains("nowhere");
    }

    /** The image is taken from the nodes, and there is no registry to pull it from; then it is there again. */
    @Test
    @Tag("node")
    void anImageThatCannotBePulledIsNamedAndTheRunGoesOnOnceItCan() {
        TrainerImage image = TrainerImage.ofTheOperator();
        image.remove();
        try {
            Run run = TEAM.apply(Wish.fineTune("imageless"));
            Figures.print("image pull error, applied to the reason", run.awaitReason("ImagePullError", SECONDS));
            assertThat(run.status().toString()).contains(image.name());
            image.load();
            run.awaitReason("StageSucceeded", STAGES);
        } finally {
            image.load();
        }
    }
}
