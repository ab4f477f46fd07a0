package dev.safefinetune.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.cluster.ControlPlane;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every object that the chart renders is one that a real API server takes, and no field of it is lost on the way. */
class ChartObjectsIT {
    @TempDir
    static Path home = Path.of(".");

    private static @Nullable ControlPlane server;
    private static String schemas = "";

    @BeforeAll
    static void furnish() throws Exception {
        ControlPlane started = ControlPlane.start();
        server = started;
        KubernetesClient client = started.client();
        for (String name : List.of(Chart.NAMESPACE, "team-a", "team-b")) {
            client.resource(namespace(name)).create();
        }
        // Nobody else makes it here: no controller runs.
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withNamespace(Chart.NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        kubectl(
                "apply",
                "--server-side",
                "--filename",
                MonitoringKinds.file("servicemonitors").toString());
        kubectl(
                "apply",
                "--server-side",
                "--filename",
                MonitoringKinds.file("prometheusrules").toString());
        kubectl("wait", "--for=condition=Established", "crd/servicemonitors.monitoring.coreos.com");
        kubectl("wait", "--for=condition=Established", "crd/prometheusrules.monitoring.coreos.com");
        schemas = OpenApiSchemas.write(client, Files.createDirectories(home.resolve("schemas")));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    static List<Path> valueSets() {
        return Chart.valueSets();
    }

    private static Namespace namespace(String name) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                .endMetadata()
                .build();
    }

    private static String kubectl(String... arguments) throws IOException {
        return Tool.named("kubectl", home).on(kubeconfig()).run(arguments);
    }

    private static Path kubeconfig() throws IOException {
        if (server == null) {
            throw new IllegalStateException("no API server");
        }
        return server.adminKubeconfig();
    }

    private static Path rendered(Path values) throws IOException {
        return Files.writeString(
                home.resolve("rendered.yaml"), Chart.render(Tool.named("helm", home), "--values", values.toString()));
    }

    private static Tool.Said kubeconform(Path file) {
        return Tool.named("kubeconform", home)
                .attempt("-strict", "-summary", "-schema-location", schemas, file.toString());
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void isWhatTheSchemasSay(Path values) throws IOException {
        Path file = rendered(values);
        Tool.Said said = kubeconform(file);
        assertThat(said.isFine()).as(said.out()).isTrue();
        int objects = Chart.objects(Files.readString(file)).size();
        assertThat(said.out()).contains("Valid: " + objects + ", Invalid: 0, Errors: 0, Skipped: 0");
    }

    /** Seen red: what the schemas hold is not nothing. */
    @Test
    void aMisspeltFieldAndAWrongTypeAreSeen() throws IOException {
        Path file = Files.writeString(home.resolve("wrong.yaml"), """
                {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {maxUnavailabel: 1}}
                ---
                {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: http}]}}
                """);
        Tool.Said said = kubeconform(file);
        assertThat(said.isFine()).isFalse();
        assertThat(said.out()).contains("Invalid: 2").contains("maxUnavailabel").contains("/spec/ports/0/port");
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void isTakenByTheApiServer(Path values) throws IOException {
        Path file = rendered(values);
        String said = kubectl(
                "apply", "--server-side", "--dry-run=server", "--validate=strict", "--filename", file.toString());
        assertThat(said.lines())
                .hasSameSizeAs(Chart.objects(Files.readString(file)))
                .allMatch(line -> line.endsWith("(server dry run)"));
    }

    /** In a namespace with the strictest of the pod security standards. */
    @ParameterizedTest
    @MethodSource("valueSets")
    void itsPodIsTakenWhereOnlyRestrictedPodsAre(Path values) throws IOException {
        JsonNode deployment = Chart.objects(Files.readString(rendered(values))).stream()
                .filter(object -> object.path("kind").asText().equals("Deployment"))
                .findFirst()
                .orElseThrow();
        ObjectNode pod =
                new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", "operator").put("namespace", Chart.NAMESPACE);
        ObjectNode spec = deployment.at("/spec/template/spec").deepCopy();
        pod.set("spec", spec);
        // Admission looks these up; here it is about the pod alone.
        spec.remove(List.of("serviceAccountName", "priorityClassName"));
        spec.put("automountServiceAccountToken", false);
        assertThat(dryRun(pod)).contains("(server dry run)");

        ((ObjectNode) spec.at("/containers/0/securityContext")).put("allowPrivilegeEscalation", true);
        assertThat(attemptDryRun(pod).err()).contains("violates PodSecurity \"restricted:latest\"");
    }

    private static String dryRun(JsonNode object) throws IOException {
        Tool.Said said = attemptDryRun(object);
        assertThat(said.isFine()).as(said.err()).isTrue();
        return said.out();
    }

    private static Tool.Said attemptDryRun(JsonNode object) throws IOException {
        Path file = Chart.write(home.resolve("pod.yaml"), object);
        return Tool.named("kubectl", home)
                .on(kubeconfig())
                .attempt("create", "--dry-run=server", "--validate=strict", "--filename", file.toString());
    }
}
