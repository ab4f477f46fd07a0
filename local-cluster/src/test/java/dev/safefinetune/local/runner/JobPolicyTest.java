package dev.safefinetune.local.runner;

import static dev.safefinetune.local.runner.ClusterOfScripts.NAMESPACE;
import static dev.safefinetune.local.runner.ClusterOfScripts.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with the failure policy of a stage: which ends are final, which are not counted, which are tried again. */
@Timeout(60)
class JobPolicyTest {
    @TempDir
    Path state;

    private ClusterOfScripts cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new ClusterOfScripts(state);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static JobBuilder stage(String name, String script) {
        return job(name, script)
                .editSpec()
                .withBackoffLimit(1)
                .withNewPodFailurePolicy()
                .addNewRule()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName("main")
                .withOperator("In")
                .withValues(11)
                .endOnExitCodes()
                .endRule()
                .addNewRule()
                .withAction("Ignore")
                .withNewOnExitCodes()
                .withContainerName("main")
                .withOperator("In")
                .withValues(143)
                .endOnExitCodes()
                .endRule()
                .endPodFailurePolicy()
                .endSpec();
    }

    @Test
    void aUsersFaultIsFinal() {
        Job done = cluster.awaitEnd(cluster.run(stage("user", "exit 11")));

        assertThat(done.getStatus().getFailed()).isEqualTo(1);
        assertThat(done.getStatus().getConditions())
                .filteredOn(c -> c.getType().equals("Failed"))
                .extracting(JobCondition::getReason)
                .containsExactly("PodFailurePolicy");
        assertThat(cluster.pods(done)).hasSize(1);
    }

    @Test
    void anotherFaultIsTriedAgain() {
        Path once = state.resolve("once");
        Job done = cluster.awaitEnd(
                cluster.run(stage("disk", "test -e " + once + " && exit 0; touch " + once + "; exit 30")));

        assertThat(done.getStatus().getSucceeded()).isEqualTo(1);
        assertThat(done.getStatus().getFailed()).isEqualTo(1);
    }

    /** As often as it likes: a suspension uses up no retry. */
    @Test
    void aSuspensionEndsThePodPolitelyAndCountsNothing() {
        Path asked = state.resolve("asked");
        Path go = state.resolve("go");
        Job running = cluster.run(stage(
                "held",
                "trap 'echo asked >> " + asked + "; exit 143' TERM; while ! test -e " + go + "; do sleep 0.1; done"));
        for (int i = 0; i < 3; i++) {
            var pod = cluster.awaitRunning(running);
            suspend(true);
            cluster.client()
                    .resource(pod)
                    .waitUntilCondition(
                            p -> p == null || "Failed".equals(p.getStatus().getPhase()), 20, TimeUnit.SECONDS);
            cluster.client()
                    .pods()
                    .inNamespace(NAMESPACE)
                    .withLabel("job-name", "held")
                    .delete();
            suspend(false);
        }
        touch(go);
        Job done = cluster.awaitEnd(running);

        assertThat(asked).content().isEqualTo("asked\nasked\nasked\n");
        assertThat(done.getStatus().getSucceeded()).isEqualTo(1);
        assertThat(done.getStatus().getFailed()).isIn(null, 0);
    }

    private static void touch(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void suspend(boolean suspend) {
        cluster.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(NAMESPACE)
                .withName("held")
                // The Job's own controller writes to it at the same time.
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"suspend\":" + suspend + "}}");
    }
}
