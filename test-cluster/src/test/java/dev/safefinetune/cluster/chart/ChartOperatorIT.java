package dev.safefinetune.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.OperatorProcess;
import dev.safefinetune.operator.world.Pods;
import dev.safefinetune.operator.world.Results;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator as it is shipped, with the identity and the environment that the installed chart gives its pods: those lead a
 * run to its end, and no further than they should.
 */
class ChartOperatorIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String CLAIM = """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: %s}
            spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
            """;
    private static final String VECTOR = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SecurityVector
            metadata: {name: base}
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
            metadata: {name: bot}
            spec:
              model: {uri: pvc://models/base}
              dataset: {uri: pvc://tickets/train.jsonl}
              output: {uri: pvc://models/bot}
            """;
    private static final String POLICY = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTunePolicy
            metadata: {name: everywhere}
            spec: {securityVectors: {from: Any}, suites: {from: Any}}
            """;

    @TempDir
    static Path home = Path.of(".");

    private static @Nullable ControlPlane server;

    @BeforeAll
    static void start() {
        server = ControlPlane.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static ControlPlane server() {
        if (server == null) {
            throw new IllegalStateException("no API server");
        }
        return server;
    }

    private static KubernetesClient client() {
        return server().client();
    }

    @Test
    void itsIdentityAndEnvironmentLeadARunToItsEnd() throws Exception {
        for (String namespace : List.of("team-a", "team-b", "team-c")) {
            namespace(namespace);
        }
        upgrade("--set", "serviceMonitor.enabled=false");
        create("", POLICY);
        furnish("team-a");
        try (OperatorProcess operator = operator()) {
            awaitSuccess(operator, "team-a");
            assertThat(MetricNames.shown(operator.metrics()))
                    .as("metrics that the dashboard and the alerts ask for")
                    .containsAll(MetricNames.asked());
        }

        // Now it may look at some namespaces only, and does not miss what it may no longer see.
        upgrade("--set", "watchNamespaces={team-b}");
        furnish("team-b");
        furnish("team-c");
        try (OperatorProcess operator = operator()) {
            awaitSuccess(operator, "team-b");
            assertThat(operator.log()).doesNotContainIgnoringCase("forbidden");
        }
        assertThat(fineTune("team-c").getStatus().observedGeneration()).isEqualTo(-1);
        assertThat(client().batch().v1().jobs().inNamespace("team-c").list().getItems())
                .isEmpty();
    }

    private static void upgrade(String... values) throws IOException {
        String[] command = Stream.concat(
                        Stream.of(
                                "upgrade",
                                "--install",
                                Chart.RELEASE,
                                Chart.DIRECTORY.toString(),
                                "--namespace",
                                Chart.NAMESPACE,
                                "--create-namespace"),
                        Stream.of(values))
                .toArray(String[]::new);
        Tool.named("helm", home).on(server().adminKubeconfig()).run(command);
    }

    /** As its pod would start: the token of its ServiceAccount, the variables of its container. */
    private static OperatorProcess operator() throws IOException {
        String token = client().serviceAccounts()
                .inNamespace(Chart.NAMESPACE)
                .withName(Chart.RELEASE)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        Container container = client().apps()
                .deployments()
                .inNamespace(Chart.NAMESPACE)
                .withName(Chart.RELEASE)
                .require()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
        Map<String, String> environment = container.getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
        // A pod finds it beside its token.
        environment.put("SAFE_FINE_TUNE_OWN_NAMESPACE", Chart.NAMESPACE);
        assertThat(environment).containsKey("SAFE_FINE_TUNE_TRAINER_IMAGE");
        return OperatorProcess.start(
                server().kubeconfig("pod", token), Files.createTempDirectory(home, "operator"), environment);
    }

    private static void awaitSuccess(OperatorProcess operator, String namespace) throws Exception {
        Pods pods = new Pods(client());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (fineTune(namespace).getStatus().phase() != FineTunePhase.SUCCEEDED
                && operator.isAlive()
                && System.nanoTime() < deadline) {
            pods.run(namespace, Results::good);
            Thread.sleep(200);
        }
        assertThat(fineTune(namespace).getStatus().phase()).as(operator.log()).isEqualTo(FineTunePhase.SUCCEEDED);
        assertThat(operator.log()).doesNotContainIgnoringCase("forbidden");
    }

    private static SafeFineTune fineTune(String namespace) {
        return client().resources(SafeFineTune.class)
                .inNamespace(namespace)
                .withName("bot")
                .require();
    }

    private static void namespace(String name) {
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    private static void furnish(String namespace) {
        for (String claim : List.of("models", "red-team", "tickets", "vectors")) {
            create(namespace, CLAIM.formatted(claim));
        }
        create(namespace, VECTOR);
        create(namespace, FINE_TUNE);
    }

    private static void create(String namespace, String yaml) {
        HasMetadata object = Serialization.unmarshal(yaml);
        if (!namespace.isEmpty()) {
            object.getMetadata().setNamespace(namespace);
        }
        client().resource(object).create();
    }
}
