package dev.safefinetune.cluster.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.RunningOperator;
import dev.safefinetune.cluster.world.Team;
import dev.safefinetune.contract.Stage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody deletes or changes what the operator made, or makes what it would have made. */
class EditsByHandIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    @RegisterExtension
    static final RunningOperator OPERATOR = new RunningOperator(Map.of());

    private static KubernetesClient client() {
        return SERVER.client();
    }

    @Test
    void aJobSpecCannotBeChanged() throws Exception {
        try (GuidedRun run = GuidedRun.at(client(), "spec-changed", Stage.TRAIN)) {
            var job = client().batch()
                    .v1()
                    .jobs()
                    .inNamespace(run.team().namespace())
                    .withName(run.jobName());
            assertThatExceptionOfType(KubernetesClientException.class)
                    .isThrownBy(() -> job.edit(it -> new JobBuilder(it)
                            .editSpec()
                            .editTemplate()
                            .editMetadata()
                            .addToAnnotations("safefinetune.dev/job-spec", "{}")
                            .endMetadata()
                            .endTemplate()
                            .endSpec()
                            .build()))
                    .withMessageContaining("immutable");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPARE", "TRAIN", "EVALUATE", "PUBLISH"})
    void aDeletedJobEndsTheRunWithThatReason(Stage stage) throws Exception {
        try (GuidedRun run = GuidedRun.at(client(), "job-gone-" + stage.ordinal(), stage)) {
            client().batch()
                    .v1()
                    .jobs()
                    .inNamespace(run.team().namespace())
                    .withName(run.jobName())
                    .delete();
            run.pod().delete();
            run.goOn();
            run.awaitEnd();

            assertThat(run.phase()).isEqualTo(FineTunePhase.FAILED);
            assertThat(run.reason("Failed")).isEqualTo("JobLost");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPARE", "TRAIN", "EVALUATE", "PUBLISH"})
    void aJobWithoutItsLabelsIsStillTheRuns(Stage stage) throws Exception {
        try (GuidedRun run = GuidedRun.at(client(), "job-bare-" + stage.ordinal(), stage)) {
            client().batch()
                    .v1()
                    .jobs()
                    .inNamespace(run.team().namespace())
                    .withName(run.jobName())
                    .edit(job -> new JobBuilder(job)
                            .editMetadata()
                            .withLabels(Map.of())
                            .endMetadata()
                            .build());
            run.goOn();
            run.awaitEnd();

            assertThat(run.phase()).isEqualTo(FineTunePhase.SUCCEEDED);
        }
    }

    /** A foreign Job has the name that the run needs; once it is gone the run goes on. */
    @Test
    void aForeignJobInTheWayIsNamedUntilItIsGone() throws Exception {
        try (GuidedRun run = GuidedRun.at(client(), "foreign-job", Stage.PREPARE)) {
            HasMetadata foreign = client().resource(foreign(run.team(), "bot-1-train", run.jobName()))
                    .create();
            run.goOn();
            run.awaitReason("Ready", "NameTaken");
            assertThat(run.conditions().toString()).contains("Job bot-1-train");
            client().resource(foreign).delete();
            run.awaitEnd();

            assertThat(run.phase()).isEqualTo(FineTunePhase.SUCCEEDED);
        }
    }

    /** Finding 3: made before the operator made its own, and controlled by the resource; what it does is another's work. */
    @Test
    void aForgedJobThatTheResourceControlsIsNeverRead() throws Exception {
        try (GuidedRun run = GuidedRun.at(client(), "forged-job", Stage.PREPARE)) {
            Job forged = new JobBuilder(foreign(run.team(), "bot-1-train", run.jobName()))
                    .editMetadata()
                    .withOwnerReferences(own(run).getMetadata().getOwnerReferences())
                    .addToLabels("safefinetune.dev/stage", "Train")
                    .endMetadata()
                    .build();
            HasMetadata there = client().resource(forged).create();
            run.goOn();
            run.awaitReason("Ready", "NameTaken");
            assertThat(run.conditions().toString()).contains("not made by the operator");
            client().resource(there).delete();
            run.awaitEnd();

            assertThat(run.phase()).isEqualTo(FineTunePhase.SUCCEEDED);
        }
    }

    private static Job own(GuidedRun run) {
        return client().batch()
                .v1()
                .jobs()
                .inNamespace(run.team().namespace())
                .withName(run.jobName())
                .require();
    }

    /** A Job with all our labels, which the resource does not control, is none of the run's. */
    @Test
    void aForeignJobWithOurLabelsIsNotBelieved() throws Exception {
        try (GuidedRun run = GuidedRun.at(client(), "foreign-labels", Stage.TRAIN)) {
            Job foreign = foreign(run.team(), "publish-it-now", run.jobName());
            foreign.getMetadata().getLabels().put("safefinetune.dev/stage", "Publish");
            client().resource(foreign).create();
            Thread.sleep(1000);

            assertThat(run.phase()).isEqualTo(FineTunePhase.TRAINING);
        }
    }

    private static Job foreign(Team team, String name, String like) {
        Job ours = client().batch()
                .v1()
                .jobs()
                .inNamespace(team.namespace())
                .withName(like)
                .require();
        return new JobBuilder()
                .withNewMetadata()
                .withNamespace(team.namespace())
                .withName(name)
                .withLabels(new HashMap<>(ours.getMetadata().getLabels()))
                .endMetadata()
                .withNewSpec()
                .withSuspend(true)
                .withNewTemplate()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("idle")
                .withImage("idle")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
