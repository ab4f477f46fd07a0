package dev.safefinetune.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.ProgressStatus;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.FirstStage;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressReportsTest {
    private static final String BODY = ProgressCalls.body(Stage.PREPARE_VECTOR);

    private World world;
    private ProgressCalls calls;
    private Job job;
    private String uid;

    ProgressReportsTest(@TempDir Path state) throws IOException {
        world = World.start(state);
        calls = new ProgressCalls(world, world.client());
        uid = world.applyVector().getMetadata().getUid();
        job = FirstStage.ofVector(world);
    }

    @BeforeEach
    void seeThePod() {
        assertThat(world.pods().pod(job).getMetadata().getName()).isNotBlank();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private int post(String token, String body) {
        return calls.post(World.NAMESPACE, "securityvectors", "base", "base-1", token, body);
    }

    @Test
    void showsWhatTheRunsOwnPodReports() {
        assertThat(post(calls.token(job, uid, true), BODY)).isEqualTo(204);

        assertThat(world.vector().getStatus().progress())
                .isEqualTo(new ProgressStatus(
                        "PrepareVector",
                        40,
                        12L,
                        "hashing",
                        3,
                        10,
                        "1.2346",
                        1000L,
                        Instant.parse("2026-01-01T00:00:00Z"),
                        Instant.parse("2025-12-31T23:55:00Z")));
    }

    @Test
    void dropsAReportThatComesTooSoon() {
        String token = calls.token(job, uid, true);
        assertThat(post(token, BODY)).isEqualTo(204);
        assertThat(post(token, BODY)).isEqualTo(202);
    }

    @Test
    void refusesATokenThatIsBoundToNoPod() {
        assertThat(post(calls.token(job, uid, false), BODY)).isEqualTo(401);
    }

    @Test
    void refusesATokenForAnotherResource() {
        assertThat(post(calls.token(job, "another-uid", true), BODY)).isEqualTo(401);
    }

    /** The neighbour has the labels, the ServiceAccount and the audience; it lacks the Job as its controller. */
    @Test
    void refusesTheTokenOfANeighbour() {
        Pod own = world.pods().pod(job);
        Pod neighbour = world.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(World.NAMESPACE)
                        .withName("neighbour")
                        .withLabels(own.getMetadata().getLabels())
                        .endMetadata()
                        .withSpec(own.getSpec())
                        .build())
                .create();
        assertThat(post(ProgressCalls.token(world.client(), neighbour, uid, true), BODY))
                .isEqualTo(401);
    }

    /** Whoever may make Jobs can give one the run's labels and its owner; what it does is another's work. */
    @Test
    void refusesTheTokenOfAForgedJobsPod() {
        Job forged = world.client()
                .resource(new JobBuilder(job)
                        .withNewMetadata()
                        .withNamespace(World.NAMESPACE)
                        .withName("forged")
                        .withLabels(job.getMetadata().getLabels())
                        .withOwnerReferences(job.getMetadata().getOwnerReferences())
                        .endMetadata()
                        .editSpec()
                        .withSelector(null)
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .withImage("mine")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .withStatus(null)
                        .build())
                .create();
        assertThat(post(calls.token(forged, uid, true), BODY)).isEqualTo(401);
    }

    @Test
    void refusesWhatIsNoToken() {
        assertThat(post("nonsense", BODY)).isEqualTo(401);
        assertThat(calls.post(World.NAMESPACE, "securityvectors", "base", "base-1", null, BODY))
                .isEqualTo(401);
    }

    @Test
    void givesTheSameAnswerForAResourceThatDoesNotExist() {
        String token = calls.token(job, uid, true);
        assertThat(calls.post(World.NAMESPACE, "securityvectors", "none", "none-1", token, BODY))
                .isEqualTo(401);
        assertThat(calls.post(World.NAMESPACE, "secrets", "base", "base-1", token, BODY))
                .isEqualTo(401);
    }

    @Test
    void refusesAReportOfAnotherRunOrStage() {
        String token = calls.token(job, uid, true);
        assertThat(calls.post(World.NAMESPACE, "securityvectors", "base", "base-2", token, BODY))
                .isEqualTo(401);
        assertThat(post(token, ProgressCalls.body(Stage.ASSESS))).isEqualTo(409);
    }

    @Test
    void refusesWhatIsNoReport() {
        String token = calls.token(job, uid, true);
        assertThat(post(token, "{\"stage\":\"PrepareVector\"}")).isEqualTo(400);
        assertThat(post(token, "{\"verdict\":\"Passed\"}")).isEqualTo(400);
        assertThat(post(token, "not json")).isEqualTo(400);
    }
}
