package dev.safefinetune.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import dev.safefinetune.local.judge.Crds;
import dev.safefinetune.operator.world.Pods;
import dev.safefinetune.operator.world.Results;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The operator as it is shipped, with the rights that the chart gives it, against a real API server. */
class OperatorIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final String NAMESPACE = "team-a";
    private static final String VECTOR = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SecurityVector
            metadata: {name: base, namespace: team-a}
            spec:
              baseModel: {uri: pvc://models/base}
              harmfulDataset: {uri: pvc://red-team/harmful.jsonl}
              benignDataset: {uri: pvc://red-team/benign.jsonl}
              evaluation: {prompts: {uri: pvc://red-team/prompts.jsonl}}
              storage: {uri: pvc://vectors/base}
            """;
    private static final String FINE_TUNE = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTune
            metadata: {name: bot, namespace: team-a}
            spec:
              model: {uri: pvc://models/base}
              dataset: {uri: pvc://tickets/train.jsonl}
              output: {uri: pvc://models/bot}
            """;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    static Path directory = Path.of(".");

    private static @Nullable OperatorProcess operator;

    @BeforeAll
    static void start() throws Exception {
        Crds.install(client());
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        List.of("models", "red-team", "tickets", "vectors").forEach(OperatorIT::claim);
        ChartRights.grant(client(), ControlPlane.OPERATOR);
        operator = OperatorProcess.start(SERVER.controlPlane().operatorKubeconfig(), directory);
    }

    @AfterAll
    static void stop() throws Exception {
        if (operator != null) {
            operator.close();
        }
    }

    private static KubernetesClient client() {
        return SERVER.client();
    }

    private static void claim(String name) {
        client().resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteMany")
                        .withNewResources()
                        .withRequests(Map.of("storage", new Quantity("1Gi")))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
    }

    @Test
    void leadsFromAVectorAndAFineTuneToAPublishedModelWithTheChartsRights() throws Exception {
        apply(SecurityVector.class, VECTOR);
        apply(SafeFineTune.class, FINE_TUNE);

        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Pods pods = new Pods(client());
        while (!ended() && System.nanoTime() < deadline) {
            pods.run(NAMESPACE, Results::good);
            Thread.sleep(200);
        }

        String log = operator == null ? "" : operator.log();
        assertThat(vector().getStatus().phase()).as(log).isEqualTo(VectorPhase.READY);
        assertThat(fineTune().getStatus().phase()).as(log).isEqualTo(FineTunePhase.SUCCEEDED);
        assertThat(fineTune().getStatus().observedGeneration()).isEqualTo(1);
        assertThat(jobs()).hasSize(8);
        assertThat(client().v1().events().inNamespace(NAMESPACE).list().getItems())
                .isNotEmpty();
        assertThat(log).doesNotContainIgnoringCase("forbidden");
    }

    /** Seen red: the rights above are really those of the chart, and end where the chart ends them. */
    @Test
    void mayNeitherReadSecretsNorWriteWishes() {
        try (KubernetesClient own = new KubernetesClientBuilder()
                .withConfig(SERVER.controlPlane().operatorConfig())
                .build()) {
            assertThatExceptionOfType(KubernetesClientException.class)
                    .isThrownBy(() -> own.secrets().inNamespace(NAMESPACE).list())
                    .satisfies(refusal -> assertThat(refusal.getCode()).isEqualTo(403));
            SafeFineTune wish = Serialization.unmarshal(FINE_TUNE, SafeFineTune.class);
            assertThatExceptionOfType(KubernetesClientException.class)
                    .isThrownBy(() -> own.resource(wish).create())
                    .satisfies(refusal -> assertThat(refusal.getCode()).isEqualTo(403));
        }
    }

    private static <T extends HasMetadata> void apply(Class<T> type, String yaml) {
        client().resource(Serialization.unmarshal(yaml, type)).create();
    }

    private static SafeFineTune fineTune() {
        return client().resources(SafeFineTune.class)
                .inNamespace(NAMESPACE)
                .withName("bot")
                .require();
    }

    private static SecurityVector vector() {
        return client().resources(SecurityVector.class)
                .inNamespace(NAMESPACE)
                .withName("base")
                .require();
    }

    private static List<Job> jobs() {
        return client().batch().v1().jobs().inNamespace(NAMESPACE).list().getItems();
    }

    private static boolean ended() {
        SafeFineTuneStatus status = fineTune().getStatus();
        return status.phase() == FineTunePhase.SUCCEEDED
                || status.phase() == FineTunePhase.FAILED
                || status.phase() == FineTunePhase.REJECTED
                || vector().getStatus().phase() == VectorPhase.FAILED
                || operator == null
                || !operator.isAlive();
    }
}
