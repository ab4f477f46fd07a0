package dev.safefinetune.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.attest.Listing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditCommandTest {
    private static final Listing FILES =
            Listing.of(Map.of("config.json", "a".repeat(64), "model.safetensors", "b".repeat(64)));

    private static final String SAVED = """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: safefinetune.dev/v1alpha1
              kind: SafeFineTune
              metadata: {name: bot, namespace: team-b}
              status:
                phase: Succeeded
                conditions:
                - {type: PolicyAccepted, status: "True", reason: Waived}
                resolved:
                  held:
                  - policy: production@4
                    enforcement: Enforce
                    waivers: [{waives: Limits, until: "2026-12-31T00:00:00Z", reason: "a demo, once"}]
                  - policy: soon@1
                    enforcement: Warn
                    notEnforced: ["thresholds.maxHarmfulRate is 0.01, the run has 0.03"]
                safety:
                  evaluation:
                    verdict: Passed
                    secured: {rate: "0", lower95: "0", upper95: "0.017", n: 216}
                output: {uri: "pvc://models/bot", digest: "%s"}
            - apiVersion: safefinetune.dev/v1alpha1
              kind: SafeFineTune
              metadata: {name: around, namespace: team-a}
              status:
                phase: Rejected
                conditions:
                - {type: PolicyAccepted, status: "False", reason: SuiteNotAllowed, message: a}
                - {type: Failed, status: "True", reason: SuiteNotAllowed, message: a}
            - apiVersion: safefinetune.dev/v1alpha1
              kind: SafeFineTune
              metadata: {name: bad, namespace: team-a}
              status:
                phase: Failed
                conditions:
                - {type: PolicyAccepted, status: "True", reason: WithinLimits}
                - {type: Failed, status: "True", reason: SafetyGateRefused}
                safety:
                  evaluation:
                    verdict: Failed
                    secured: {rate: "0.5", lower95: "0.4", upper95: "0.6", n: 216}
                    inForms: {rate: "0.6", lower95: "0.5", upper95: "0.66", n: 216}
            - apiVersion: safefinetune.dev/v1alpha1
              kind: SafeFineTune
              metadata: {name: new, namespace: team-c}
            """.formatted(FILES.modelDigest().value());

    @TempDir
    private Path directory = Path.of(".");

    private record Said(int exitCode, String text) {}

    @BeforeEach
    void saved() throws IOException {
        Files.writeString(directory.resolve("saved.yaml"), SAVED);
    }

    private Said audit(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("--from", directory.resolve("saved.yaml").toString()));
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        int exitCode = new CommandLine(new AuditCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments.toArray(String[]::new));
        return new Said(exitCode, out.toString().replace(directory + "/", ""));
    }

    private Path model(String name) throws IOException {
        Path model = Files.createDirectories(directory.resolve("volume").resolve(name));
        Files.writeString(model.resolve("model.safetensors"), "w");
        return model;
    }

    @Test
    void aTableOfRunsWithVerdictsRefusalsAndWaivers() {
        assertThat(audit()).isEqualTo(new Said(0, """
                RUN             PHASE       VERDICT   HARMFUL<=   STATEMENT       ENDED BY
                team-a/around   Rejected                                          SuiteNotAllowed
                team-a/bad      Failed      Failed    0.66                        SafetyGateRefused
                team-b/bot      Succeeded   Passed    0.017       not looked at
                team-c/new
                team-b/bot: waived Limits of production@4 until 2026-12-31T00:00:00Z: a demo, once
                team-b/bot: not enforced: thresholds.maxHarmfulRate is 0.01, the run has 0.03
                """));
    }

    @Test
    void oneNamespaceAlone() {
        assertThat(audit("-n", "team-c").text().lines()).hasSize(2).anyMatch(line -> line.startsWith("team-c/new"));
    }

    @Test
    void jsonForPrograms() throws IOException {
        JsonNode rows = new ObjectMapper().readTree(audit("--output", "json").text());
        assertThat(rows).hasSize(4);
        assertThat(rows.get(2).path("policies").toString()).isEqualTo("[\"production@4 Enforce\",\"soon@1 Warn\"]");
        assertThat(rows.get(2).path("model").asText())
                .isEqualTo(FILES.modelDigest().value());
    }

    @Test
    void csvForSpreadsheets() {
        List<String> lines = audit("--output", "csv").text().lines().toList();
        assertThat(lines)
                .hasSize(5)
                .startsWith(
                        "namespace,name,phase,verdict,harmfulUpper95,refusedBy,policies,notEnforced,waivers,model,place,statement");
        assertThat(lines.get(3))
                .startsWith("team-b,bot,Succeeded,Passed,0.017,,\"production@4 Enforce; soon@1 Warn\",")
                .contains("\"Limits of production@4 until 2026-12-31T00:00:00Z: a demo, once\"");
    }

    @Test
    void modelsWithoutAStatementAndModelsOfNoRun() throws IOException {
        Path published = model("bot");
        Files.writeString(published.resolve("manifest.sha256"), FILES.text());
        Files.writeString(published.resolve("statement.dsse.json"), "{}");
        model("stray");

        assertThat(audit("--models", directory.resolve("volume").toString()).text())
                .containsPattern("team-b/bot +Succeeded +Passed +0.017 +not verified: no --key\n")
                .containsPattern("volume/stray +missing\n")
                .doesNotContain("volume/bot");
    }

    @Test
    void aStatementThatIsNoneIsWrong() throws IOException {
        Path published = model("bot");
        Files.writeString(published.resolve("manifest.sha256"), FILES.text());
        Files.writeString(published.resolve("statement.dsse.json"), "{}");
        Path key = directory.resolve("key");
        assertThat(new CommandLine(new dev.safefinetune.cli.attest.KeygenCommand()).execute("--output", key.toString()))
                .isZero();

        assertThat(audit("--models", directory.resolve("volume").toString(), "--key", key + ".pub")
                        .text())
                .containsPattern("team-b/bot .*WRONG: ");
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        assertThat(audit("--models", directory.resolve("none").toString()))
                .isEqualTo(new Said(1, "none is no directory; --models takes one in which models lie\n"));
        Files.delete(directory.resolve("saved.yaml"));
        assertThat(audit())
                .isEqualTo(new Said(1, "saved.yaml is no file; --from takes a list that kubectl has saved\n"));
    }

    @Test
    void anotherKindIsAFault() throws IOException {
        Files.writeString(directory.resolve("saved.yaml"), "{kind: Pod}");
        assertThat(audit()).isEqualTo(new Said(1, "saved.yaml holds a Pod; SafeFineTunes are listed\n"));
    }
}
