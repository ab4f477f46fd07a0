package dev.safefinetune.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.cluster.chart.Chart;
import dev.safefinetune.cluster.chart.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The policies that the chart renders with the values that the corpus is written for. */
final class ChartPolicies {
    /** Values of the chart, as flags. The definitions are there before, so that the corpus's resources can be. */
    static final List<String> FLAGS = List.of(
            "--set",
            "crds.install=false",
            "--set",
            "trainer.image.tag=test",
            "--set",
            "admission.trainerImages={mirror.example/trainer:test}",
            "--set",
            "admission.allowedImages={sha256:" + "a".repeat(64) + "}",
            "--set",
            "admission.otherResources={smarter-devices/fuse}",
            "--set",
            "admission.runtimeClasses={gvisor}",
            "--set",
            "admission.protectedLabels={team}",
            "--set",
            "admission.controllers={system:serviceaccount:kueue-system:kueue}");

    private ChartPolicies() {}

    /** The policies, in the order of their names. */
    static List<ObjectNode> rendered(Path home) {
        return Chart.objects(Chart.render(Tool.named("helm", home), FLAGS.toArray(String[]::new))).stream()
                .filter(object -> object.path("kind").asText().equals("ValidatingAdmissionPolicy"))
                .map(ObjectNode.class::cast)
                .toList();
    }

    /** The custom resource definitions of the chart. */
    static List<ObjectNode> definitions() {
        return Stream.of("safefinetunes", "securityvectors", "safefinetunepolicies")
                .map(plural -> Chart.yaml(Chart.DIRECTORY.resolve("files/crds/" + plural + ".safefinetune.dev.yaml")))
                .map(ObjectNode.class::cast)
                .toList();
    }

    /** A policy's own part of its name, which is also the first part of the names of its rules. */
    static String rules(JsonNode policy) {
        String name = policy.at("/metadata/name").asText().substring(Chart.RELEASE.length() + 1);
        return name.equals("ways-in") ? "waysIn" : name;
    }
}
