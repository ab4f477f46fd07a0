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
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
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
        ChartRights.grant(client(), ControlPlane.OPERATOR);
        startOperator();
    }

    private static void startOperator() throws IOException {
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

    /** A namespace with its data, a vector and a run. */
    private static void furnish(String namespace) {
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        List.of("models", "red-team", "tickets", "vectors").forEach(name -> claim(namespace, name));
        apply(namespace, SecurityVector.class, VECTOR);
        apply(namespace, SafeFineTune.class, FINE_TUNE);
    }

    private static void claim(String namespace, String name) {
        client().resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
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
        furnish(NAMESPACE);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Pods pods = new Pods(client());
        while (!ended(NAMESPACE) && System.nanoTime() < deadline) {
            pods.run(NAMESPACE, Results::good);
            Thread.sleep(200);
        }

        String log = operator == null ? "" : operator.log();
        assertThat(vector(NAMESPACE).getStatus().phase()).as(log).isEqualTo(VectorPhase.READY);
        assertThat(fineTune(NAMESPACE).getStatus().phase()).as(log).isEqualTo(FineTunePhase.SUCCEEDED);
        assertThat(fineTune(NAMESPACE).getStatus().observedGeneration()).isEqualTo(1);
        assertThat(jobs(NAMESPACE)).hasSize(8);
        assertThat(client().v1().events().inNamespace(NAMESPACE).list().getItems())
                .isNotEmpty();
        assertThat(log).doesNotContainIgnoringCase("forbidden").doesNotContain("failed invoking");
    }

    /** Behind a mesh whose proxy goes on no Job ever ends by itself. */
    @Test
    void leadsARunToItsEndBesideSidecarsThatGoOn() throws Exception {
        String namespace = "team-d";
        furnish(namespace);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Pods pods = new Pods(client());
        while (!ended(namespace) && System.nanoTime() < deadline) {
            pods.open(namespace).forEach(pods::endsBesideAProxy);
            Thread.sleep(200);
        }

        assertThat(vector(namespace).getStatus().phase()).isEqualTo(VectorPhase.READY);
        assertThat(fineTune(namespace).getStatus().phase()).isEqualTo(FineTunePhase.SUCCEEDED);
        await(() -> pods.open(namespace).isEmpty());
    }

    /** Each Job is seen once more with the uid that it had at first, or it would have been made twice. */
    @Test
    void killedAtEachStageAndStartedAgainMakesNoJobTwice() throws Exception {
        String namespace = "team-b";
        furnish(namespace);
        Map<String, String> uids = new TreeMap<>();
        long deadline = System.nanoTime() + PATIENCE.multipliedBy(4).toNanos();
        Pods pods = new Pods(client());
        while (!ended(namespace) && System.nanoTime() < deadline) {
            if (pods.open(namespace).isEmpty()) {
                Thread.sleep(200);
                continue;
            }
            kill();
            jobs(namespace)
                    .forEach(job -> assertThat(uids.computeIfAbsent(
                                    job.getMetadata().getName(),
                                    first -> job.getMetadata().getUid()))
                            .isEqualTo(job.getMetadata().getUid()));
            pods.run(namespace, Results::good);
            startOperator();
        }

        assertThat(fineTune(namespace).getStatus().phase()).isEqualTo(FineTunePhase.SUCCEEDED);
        assertThat(uids).hasSize(8);
        assertThat(jobs(namespace))
                .allSatisfy(job -> assertThat(job.getMetadata().getUid())
                        .isEqualTo(uids.get(job.getMetadata().getName())));
    }

    @Test
    void suspendsAndResumesTheSameJob() throws Exception {
        String namespace = "team-c";
        furnish(namespace);
        Pods pods = new Pods(client());
        await(() -> !pods.open(namespace).isEmpty());
        Job first = pods.open(namespace).getFirst();

        suspend(namespace, true);
        await(() ->
                Boolean.TRUE.equals(client().resource(first).require().getSpec().getSuspend()));
        await(() -> vector(namespace).getStatus().phase() == VectorPhase.SUSPENDED);
        suspend(namespace, false);
        await(() -> !Boolean.TRUE.equals(
                client().resource(first).require().getSpec().getSuspend()));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ended(namespace) && System.nanoTime() < deadline) {
            pods.run(namespace, Results::good);
            Thread.sleep(200);
        }

        assertThat(vector(namespace).getStatus().phase()).isEqualTo(VectorPhase.READY);
        assertThat(client().resource(first).require().getMetadata().getUid())
                .isEqualTo(first.getMetadata().getUid());
        assertThat(jobs(namespace)).hasSize(8);
    }

    private static void suspend(String namespace, boolean suspend) {
        client().resource(vector(namespace))
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"suspend\":" + suspend + "}}");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("nothing has come of it").isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    private static void kill() throws InterruptedException {
        if (operator != null) {
            operator.kill();
        }
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

    private static <T extends HasMetadata> void apply(String namespace, Class<T> type, String yaml) {
        T wish = Serialization.unmarshal(yaml, type);
        wish.getMetadata().setNamespace(namespace);
        client().resource(wish).create();
    }

    private static SafeFineTune fineTune(String namespace) {
        return client().resources(SafeFineTune.class)
                .inNamespace(namespace)
                .withName("bot")
                .require();
    }

    private static SecurityVector vector(String namespace) {
        return client().resources(SecurityVector.class)
                .inNamespace(namespace)
                .withName("base")
                .require();
    }

    private static List<Job> jobs(String namespace) {
        return client().batch().v1().jobs().inNamespace(namespace).list().getItems();
    }

    private static boolean ended(String namespace) {
        SafeFineTuneStatus status = fineTune(namespace).getStatus();
        return status.phase() == FineTunePhase.SUCCEEDED
                || status.phase() == FineTunePhase.FAILED
                || status.phase() == FineTunePhase.REJECTED
                || vector(namespace).getStatus().phase() == VectorPhase.FAILED
                || operator == null
                || !operator.isAlive();
    }
}
