package dev.safefinetune.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Reports of a pod, with tokens as the API server issues them. */
public final class ProgressCalls {
    private final World world;
    private final ProgressReports reports;

    public ProgressCalls(World world, KubernetesClient operator) {
        this.world = world;
        this.reports = new ProgressReports(operator, Duration.ofSeconds(1), InstantSource.system());
    }

    /** One good report of the fine-tune's open Job, which must be of its third run, and one of the stale vector's. */
    public static void report(World world, KubernetesClient operator) {
        ProgressCalls calls = new ProgressCalls(world, operator);
        Job fineTune = world.pods().open(World.NAMESPACE).getFirst();
        String token = calls.token(fineTune, world.fineTune().getMetadata().getUid(), true);
        assertThat(calls.post(World.NAMESPACE, "safefinetunes", "bot", "bot-3", token, body(Stage.PREPARE)))
                .isEqualTo(204);
        Job vector = world.pods().open("stale").getFirst();
        String other = calls.token(vector, world.vector("stale").getMetadata().getUid(), true);
        assertThat(calls.post("stale", "securityvectors", "base", "base-1", other, body(Stage.PREPARE_VECTOR)))
                .isEqualTo(204);
    }

    public int post(String namespace, String plural, String name, String run, @Nullable String token, String body) {
        return reports.outcome(
                new ReportPath(namespace, plural, name, run), token == null ? null : "Bearer " + token, body);
    }

    /** A token for the Job's pod, or for its ServiceAccount alone. */
    public String token(Job job, String resourceUid, boolean bound) {
        return token(world.client(), world.pods().pod(job), resourceUid, bound);
    }

    /** A token for a pod, or for its ServiceAccount alone. */
    public static String token(KubernetesClient client, Pod pod, String resourceUid, boolean bound) {
        TokenRequestBuilder request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences("safefinetune.dev/" + resourceUid)
                .withExpirationSeconds(3600L)
                .endSpec();
        if (bound) {
            request.editSpec()
                    .withNewBoundObjectRef()
                    .withApiVersion("v1")
                    .withKind("Pod")
                    .withName(pod.getMetadata().getName())
                    .withUid(pod.getMetadata().getUid())
                    .endBoundObjectRef()
                    .endSpec();
        }
        return client.serviceAccounts()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getSpec().getServiceAccountName())
                .tokenRequest(request.build())
                .getStatus()
                .getToken();
    }

    static String body(Stage stage) {
        return ContractJson.write(new Progress(
                stage,
                40,
                12L,
                "hashing",
                3,
                10,
                1.23456,
                1000.4,
                Instant.parse("2026-01-01T00:00:00Z"),
                Instant.parse("2025-12-31T23:55:00Z")));
    }
}
