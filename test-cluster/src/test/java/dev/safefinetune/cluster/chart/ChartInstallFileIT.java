package dev.safefinetune.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.cluster.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code charts/install.yaml}: the chart for those who have no Helm. */
class ChartInstallFileIT {
    /** As the file's own first lines say it. */
    private static final String NOT_THE_DEFINITIONS = "app.kubernetes.io/name=safe-fine-tune-operator";

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

    private static String kubectl(String... arguments) throws IOException {
        if (server == null) {
            throw new IllegalStateException("no API server");
        }
        return Tool.named("kubectl", home).on(server.adminKubeconfig()).run(arguments);
    }

    private static String versions(String file) throws IOException {
        return kubectl(
                "get",
                "-f",
                file,
                "--output=jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}");
    }

    @Test
    void isWhatTheChartRenders() throws IOException {
        assertThat(Files.readString(Chart.INSTALL_FILE))
                .as("run scripts/generate-install")
                .isEqualTo(new Tool(Path.of("../scripts/generate-install"), home, Map.of()).run("--print"));
    }

    @Test
    void saysHowToBeAppliedAndTakenAway() throws IOException {
        assertThat(Files.readString(Chart.INSTALL_FILE))
                .contains("kubectl apply -f install.yaml\n")
                .contains("kubectl delete -f install.yaml -l " + NOT_THE_DEFINITIONS + "\n");
    }

    @Test
    void isAppliedAndTakenAwayWithoutAnyResourceOfTheUsers() throws IOException {
        String file = Chart.INSTALL_FILE.toString();
        kubectl("apply", "-f", file);
        kubectl("wait", "--for=condition=Established", "crd/safefinetunes.safefinetune.dev");
        Path wish = Files.writeString(home.resolve("wish.yaml"), """
                apiVersion: safefinetune.dev/v1alpha1
                kind: SafeFineTune
                metadata: {name: bot, namespace: safe-fine-tune-system}
                spec:
                  model: {uri: pvc://models/base}
                  dataset: {uri: pvc://tickets/train.jsonl}
                  output: {uri: pvc://models/bot}
                """);
        kubectl("apply", "-f", wish.toString());
        String versions = versions(file);
        kubectl("apply", "-f", file);
        assertThat(versions(file)).isEqualTo(versions);

        kubectl("delete", "-f", file, "-l", NOT_THE_DEFINITIONS, "--wait=false");

        for (JsonNode object : Chart.objects(Files.readString(Chart.INSTALL_FILE))) {
            String kind = object.path("kind").asText();
            String there = kubectl(
                    "get",
                    kind,
                    object.at("/metadata/name").asText(),
                    "--namespace",
                    Chart.NAMESPACE,
                    "--ignore-not-found",
                    "--output=jsonpath={.metadata.deletionTimestamp}{.metadata.name}");
            boolean kept = kind.equals("CustomResourceDefinition") || kind.equals("Namespace");
            assertThat(there)
                    .as(Chart.name(object))
                    .isEqualTo(kept ? object.at("/metadata/name").asText() : "");
        }
        assertThat(kubectl("get", "sft", "bot", "--namespace", Chart.NAMESPACE, "--output=name"))
                .isEqualTo("safefinetune.safefinetune.dev/bot\n");
    }
}
