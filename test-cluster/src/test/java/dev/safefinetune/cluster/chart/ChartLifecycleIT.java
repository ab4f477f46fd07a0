package dev.safefinetune.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.cluster.ControlPlane;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** From an older release to this one and away again, on a real API server: what users made stays theirs. */
@TestMethodOrder(OrderAnnotation.class)
class ChartLifecycleIT {
    private static final String CRD = "safefinetunes.safefinetune.dev";
    private static final String FIELD = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties";

    private static final String RULES =
            "/spec/versions/0/schema/openAPIV3Schema/properties/spec/x-kubernetes-validations";

    /** A field that the older release did not know. */
    private static final String NEW_FIELD = "resources";

    private static final String WISH = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTune
            metadata: {name: bot, namespace: default}
            spec:
              model: {uri: pvc://models/base}
              dataset: {uri: pvc://tickets/train.jsonl}
              output: {uri: pvc://models/bot}
            """;

    @TempDir
    static Path home = Path.of(".");

    private static @Nullable ControlPlane server;
    private static String uid = "";

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

    private static String helm(String... arguments) throws IOException {
        return Tool.named("helm", home).on(server().adminKubeconfig()).run(arguments);
    }

    private static SafeFineTune wish() {
        return client().resources(SafeFineTune.class)
                .inNamespace("default")
                .withName("bot")
                .require();
    }

    private static JsonNode crd() {
        return Serialization.unmarshal(
                client().raw("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + CRD), JsonNode.class);
    }

    /** The chart as it may have been: another version, and a definition without one of today's fields. */
    private static Path olderChart() throws IOException {
        Path older = home.resolve("older");
        try (var files = Files.walk(Chart.DIRECTORY)) {
            for (Path file : files.toList()) {
                Path copy = older.resolve(Chart.DIRECTORY.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        ObjectNode about = (ObjectNode) Chart.yaml(older.resolve("Chart.yaml"));
        Chart.write(older.resolve("Chart.yaml"), about.put("version", "0.0.1").put("appVersion", "0.0.1"));
        Path definition = older.resolve("files/crds/" + CRD + ".yaml");
        JsonNode crd = Chart.yaml(definition);
        assertThat(crd.at(FIELD).has(NEW_FIELD)).isTrue();
        ((ObjectNode) crd.at(FIELD)).remove(NEW_FIELD);
        // Nor did it have rules about that field.
        ((ArrayNode) crd.at(RULES)).removeIf(rule -> rule.path("rule").asText().contains("self." + NEW_FIELD));
        Chart.write(definition, crd);
        return older;
    }

    @Test
    @Order(1)
    void oneLineInstallsIt() throws IOException {
        helm("install", Chart.RELEASE, olderChart().toString(), "-n", Chart.NAMESPACE, "--create-namespace");

        client().resource(Serialization.unmarshal(WISH, SafeFineTune.class)).create();
        uid = wish().getMetadata().getUid();
        assertThat(crd().at(FIELD).has(NEW_FIELD)).isFalse();
        assertThat(image()).endsWith(":0.0.1");
    }

    @Test
    @Order(2)
    void anUpgradeBringsNewFieldsAndTouchesNoResource() throws IOException {
        long generation = wish().getMetadata().getGeneration();
        helm("upgrade", Chart.RELEASE, Chart.DIRECTORY.toString(), "-n", Chart.NAMESPACE);

        assertThat(crd().at(FIELD).has(NEW_FIELD)).isTrue();
        assertThat(wish().getMetadata().getUid()).isEqualTo(uid);
        assertThat(wish().getMetadata().getGeneration()).isEqualTo(generation);
        assertThat(image()).doesNotEndWith(":0.0.1");
    }

    @Test
    @Order(3)
    void anUpgradeToWhatIsThereChangesNothing() throws IOException {
        String before = versions();
        helm("upgrade", Chart.RELEASE, Chart.DIRECTORY.toString(), "-n", Chart.NAMESPACE);
        assertThat(versions()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void anUninstallTakesWhatItBroughtAndLeavesWhatUsersMade() throws IOException {
        List<HasMetadata> brought = brought();
        assertThat(brought).hasSizeGreaterThan(8);
        helm("uninstall", Chart.RELEASE, "-n", Chart.NAMESPACE);

        for (HasMetadata object : brought) {
            boolean kept = object.getKind().equals("CustomResourceDefinition");
            assertThat(client().resource(object).get() != null)
                    .as(object.getKind() + " " + object.getMetadata().getName())
                    .isEqualTo(kept);
        }
        assertThat(wish().getMetadata().getUid()).isEqualTo(uid);
        assertThat(wish().getMetadata().getDeletionTimestamp()).isNull();
    }

    @Test
    @Order(5)
    void anInstallAfterThatFindsItAllAgain() throws IOException {
        helm("install", Chart.RELEASE, Chart.DIRECTORY.toString(), "-n", Chart.NAMESPACE);
        assertThat(wish().getMetadata().getUid()).isEqualTo(uid);
    }

    /** Two releases do not fight over the definitions: the second one is refused, or leaves them alone. */
    @Test
    @Order(6)
    void aSecondReleaseLeavesTheDefinitionsToTheFirst() throws IOException {
        Tool helm = Tool.named("helm", home).on(server().adminKubeconfig());
        String[] second = {"install", "second", Chart.DIRECTORY.toString(), "-n", "second", "--create-namespace"};
        assertThat(helm.attempt(second).err()).contains("invalid ownership metadata");

        helm(
                "install",
                "second",
                Chart.DIRECTORY.toString(),
                "-n",
                "second",
                "--create-namespace",
                "--set",
                "crds.install=false");
        helm("uninstall", "second", "-n", "second");
        assertThat(wish().getMetadata().getUid()).isEqualTo(uid);
    }

    private static String image() {
        return client().apps()
                .deployments()
                .inNamespace(Chart.NAMESPACE)
                .withName(Chart.RELEASE)
                .require()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    /** All objects of the release as the API server has them. */
    private static List<HasMetadata> brought() throws IOException {
        String manifest = helm("get", "manifest", Chart.RELEASE, "-n", Chart.NAMESPACE);
        return client().load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private static String versions() throws IOException {
        StringBuilder versions = new StringBuilder();
        for (HasMetadata object : brought()) {
            versions.append(object.getKind())
                    .append(' ')
                    .append(object.getMetadata().getName())
                    .append(' ')
                    .append(object.getMetadata().getResourceVersion())
                    .append('\n');
        }
        return versions.toString();
    }
}
