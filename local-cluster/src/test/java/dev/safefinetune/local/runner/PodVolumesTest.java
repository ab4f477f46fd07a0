package dev.safefinetune.local.runner;

import static dev.safefinetune.local.runner.ClusterOfScripts.NAMESPACE;
import static dev.safefinetune.local.runner.ClusterOfScripts.job;
import static dev.safefinetune.local.runner.ClusterOfScripts.withVolumes;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PodVolumesTest {
    private static final String TOKEN = """
              - name: token
                projected:
                  sources:
                    - serviceAccountToken: {audience: progress, expirationSeconds: 3600, path: token}
            """;

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

    @Test
    void volumesAreFoundAtTheirMountPaths() throws Exception {
        var client = cluster.client();
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("spec")
                        .endMetadata()
                        .addToData("job.json", "{}")
                        .build())
                .create();
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("key")
                        .endMetadata()
                        .addToStringData("word", "s3cret")
                        .build())
                .create();
        Path own = Files.createDirectories(state.resolve("own"));
        Files.writeString(own.resolve("data"), "mine");
        client.resource(claim("given", Map.of(ClaimController.PATH, own.toString())))
                .create();
        client.resource(claim("fresh", Map.of())).create();
        Job done = cluster.awaitEnd(cluster.run(withVolumes(
                job(
                        "mounts",
                        "cat job/job.json secrets/key/word volumes/given/data && echo 1 > volumes/fresh/out"
                                + " && echo t > tmp/x && test -s var/run/progress/token"),
                Map.of(
                        "job", "/job",
                        "key", "/secrets/key",
                        "given", "/volumes/given",
                        "fresh", "/volumes/fresh",
                        "tmp", "/tmp",
                        "token", "/var/run/progress"),
                """
                volumes:
                  - {name: job, configMap: {name: spec}}
                  - {name: key, secret: {secretName: key}}
                  - {name: given, persistentVolumeClaim: {claimName: given}}
                  - {name: fresh, persistentVolumeClaim: {claimName: fresh}}
                  - {name: tmp, emptyDir: {}}
                """ + TOKEN)));
        Pod pod = cluster.onlyPod(done);
        assertThat(log(pod)).isEqualTo("{}s3cretmine");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
    }

    @Test
    void aProjectedTokenSpeaksForItsPodAndDiesWithIt() throws Exception {
        Job running = cluster.run(
                withVolumes(job("token", "sleep 60"), Map.of("token", "/var/run/progress"), "volumes:\n" + TOKEN));
        Pod pod = cluster.awaitRunning(running);
        String token = Files.readString(
                state.resolve("pods").resolve(pod.getMetadata().getUid()).resolve("volumes/token/token"));
        var good = review(token, "progress");
        assertThat(good.getStatus().getAuthenticated()).isTrue();
        assertThat(good.getStatus().getUser().getUsername())
                .isEqualTo("system:serviceaccount:" + NAMESPACE + ":default");
        assertThat(good.getStatus().getUser().getExtra())
                .containsEntry(
                        "authentication.kubernetes.io/pod-name",
                        List.of(pod.getMetadata().getName()));
        assertThat(review(token, "somebody-else").getStatus().getAuthenticated())
                .isFalse();
        assertThat(review(token.substring(0, token.length() - 2) + "AA", "progress")
                        .getStatus()
                        .getAuthenticated())
                .isFalse();
        cluster.client().resource(running).delete();
        cluster.client().resource(pod).waitUntilCondition(p -> p == null, 20, TimeUnit.SECONDS);
        assertThat(review(token, "progress").getStatus().getAuthenticated()).isFalse();
    }

    private TokenReview review(String token, String audience) {
        return cluster.client()
                .resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(audience)
                        .endSpec()
                        .build())
                .create();
    }

    @Test
    void aClaimsOwnDirectoryGoesWithItAndANamedOneStays() throws Exception {
        Path own = Files.createDirectories(state.resolve("own"));
        PersistentVolumeClaim given = bound(claim("given", Map.of(ClaimController.PATH, own.toString())));
        PersistentVolumeClaim fresh = bound(claim("fresh", Map.of()));
        Path made = state.resolve("volumes").resolve(fresh.getMetadata().getUid());
        assertThat(made).isDirectory();
        cluster.client().resource(given).delete();
        cluster.client().resource(fresh).delete();
        for (int i = 0; i < 200 && Files.exists(made); i++) {
            Thread.sleep(50);
        }
        assertThat(made).doesNotExist();
        assertThat(own).isDirectory();
    }

    private PersistentVolumeClaim bound(PersistentVolumeClaim claim) {
        return cluster.client()
                .resource(cluster.client().resource(claim).create())
                .waitUntilCondition(c -> "Bound".equals(c.getStatus().getPhase()), 20, TimeUnit.SECONDS);
    }

    private static PersistentVolumeClaim claim(String name, Map<String, String> annotations) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", new Quantity("1Gi"))
                .endResources()
                .endSpec()
                .build();
    }

    private String log(Pod pod) {
        return cluster.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withName(pod.getMetadata().getName())
                .getLog();
    }
}
