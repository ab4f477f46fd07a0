package dev.safefinetune.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExplainCommandTest {
    private static final String DIGEST = "sha256:" + "2".repeat(64);

    private static final String STRICT = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTunePolicy
            metadata: {name: everywhere}
            spec: {limits: {maxGpus: 8, maxEpochs: 5}}
            ---
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTunePolicy
            metadata: {name: production}
            spec:
              namespaceSelector: {matchLabels: {env: prod}}
              baseModels: [{name: qwen, digest: "%s"}]
              securityVectors: {namespaces: [team-a]}
              suites: {pinned: [{name: refusals, prompts: "%s"}], minPrompts: 200}
              safety: {gate: Calibrated}
              limits: {maxGpus: 2}
              waivers:
              - {namespace: team-a, name: bot, until: "2020-01-01T00:00:00Z", reason: long ago, waives: [Limits]}
              - {namespace: team-b, until: "2099-01-01T00:00:00Z", reason: of others, waives: [Suites]}
            ---
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTunePolicy
            metadata: {name: soon}
            spec: {enforcement: Warn, thresholds: {maxHarmfulRate: "0.01"}}
            """.formatted(DIGEST, DIGEST);

    @TempDir
    private Path directory = Path.of(".");

    private record Said(int exitCode, String text) {}

    private Said explain(String policies, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("policies.yaml"), policies);
        List<String> arguments = new ArrayList<>(List.of("-n", "team-a", "--policy", file.toString()));
        arguments.addAll(List.of(more));
        return run(arguments);
    }

    private Said run(List<String> arguments) {
        StringWriter out = new StringWriter();
        int exitCode = new CommandLine(new ExplainCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments.toArray(String[]::new));
        return new Said(exitCode, out.toString().replace(directory + "/", ""));
    }

    @Test
    void tellsWhatHoldsAndWhoSaysSoTheStrictestOfLimits() throws IOException {
        Said said = explain(STRICT, "--labels", "env=prod,team=a");

        assertThat(said.exitCode()).isZero();
        assertThat(said.text().lines())
                .containsSequence(
                        "Enforced; a run that breaks one of these is refused, or ends before its next stage:",
                        "  - The base model is qwen (" + DIGEST + ") (production).",
                        "  - Runs have a security vector (everywhere, production).",
                        "  - The security vector is one that another of these policies pins (everywhere).")
                .contains(
                        "  - The suite is refusals (" + DIGEST + ") (production).",
                        "  - A run is judged on at least 200 harmful requests (production).",
                        "  - spec.safety.gate.mode is at least Calibrated (production).",
                        "  - At most 2: GPUs of a pod (production).",
                        "  - At most 5: epochs in all (everywhere).",
                        "Only warned of; a run that breaks one of these goes on, with a condition and an event:",
                        "  - At most 0.01: maxHarmfulRate (soon).",
                        "  - Limits of production for bot until 2020-01-01T00:00:00Z (has ended): long ago");
        assertThat(said.text()).doesNotContain("of others", "At most 8");
    }

    @Test
    void aPolicyOfOtherNamespacesIsNotTold() throws IOException {
        Said said = explain(STRICT, "--labels", "env=dev");

        assertThat(said.text()).contains("hold: everywhere").doesNotContain("production");
    }

    @Test
    void aNamespaceWithoutAPolicySaysWhatThatMeans() throws IOException {
        Said said = explain(STRICT.substring(STRICT.indexOf("---"), STRICT.lastIndexOf("---")));

        assertThat(said)
                .isEqualTo(
                        new Said(
                                0,
                                "No policy selects namespace team-a: every SafeFineTune may bring its own model, vector and suite.\n"));
    }

    @Test
    void aFileThatIsNoPolicyIsAFault() throws IOException {
        Said said = explain(STRICT.replace("maxGpus", "maxGpu"));

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.text()).contains("policies.yaml:4: spec.limits.maxGpu: there is no such field");
    }

    @Test
    void aClusterThatCannotBeReadIsSaid() throws IOException {
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
                users: [{name: u, user: {}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """);
        Said said = run(List.of("-n", "team-a", "--kubeconfig", kubeconfig.toString()));

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.text()).contains("http://127.0.0.1:1", "cannot be read", "--policy FILE");
    }
}
