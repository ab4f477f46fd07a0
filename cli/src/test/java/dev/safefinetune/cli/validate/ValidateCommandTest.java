package dev.safefinetune.cli.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {
    static final String RUN = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTune
            metadata: {name: support-bot, namespace: team-a}
            spec:
              model:   {uri: pvc://models/base}
              dataset: {uri: pvc://tickets/train.jsonl}
              output:  {uri: pvc://models/support-bot}
            """;

    private static final String VECTOR = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SecurityVector
            metadata: {name: base, namespace: team-a}
            spec:
              baseModel:      {uri: pvc://models/base}
              benignDataset:  {uri: pvc://red-team/benign.jsonl}
              storage:        {uri: pvc://vectors/base}
            """;

    @TempDir
    private Path directory = Path.of(".");

    /** What the command prints about a manifest, without the directory. */
    private Said validate(String... manifests) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-f"));
        for (int i = 0; i < manifests.length; i++) {
            Path file = directory.resolve((char) ('a' + i) + ".yaml");
            Files.writeString(file, manifests[i]);
            arguments.add(file.toString());
        }
        return Said.by(directory, arguments);
    }

    @Test
    void goodManifestsPass() throws IOException {
        assertThat(validate(RUN, VECTOR + "  harmfulDataset: {secretRef: {name: a, key: b}}\n"))
                .isEqualTo(new Said(0, List.of("2 files without a fault")));
    }

    @Test
    void unknownFieldIsNamedWithWhatWasMeant() throws IOException {
        assertThat(validate(RUN + "  method:\n    lora:\n      ranks: 4\n"))
                .isEqualTo(new Said(
                        1,
                        List.of(
                                "a.yaml:10: spec.method.lora.ranks: there is no such field; did you mean rank?",
                                "1 fault in 1 file")));
    }

    @Test
    void rankZeroAndALearningRateInWordsAreNamedWithWhatWouldBeRight() throws IOException {
        Said said = validate(RUN + """
                  method:
                    lora: {rank: 0}
                    hyperparameters:
                      learningRate: fast
                """);
        assertThat(said.lines())
                .containsExactly(
                        "a.yaml:9: spec.method.lora.rank: 0: should be greater than or equal to 1",
                        "a.yaml:11: spec.method.hyperparameters.learningRate: \"fast\": learningRate must be a number above"
                                + " 0 and at most 1 written as a string, such as \"2e-4\"",
                        "2 faults in 1 file");
    }

    @Test
    void bothAndNeitherOfAChoiceAreRefused() throws IOException {
        Said both =
                validate(VECTOR + "  harmfulDataset: {uri: pvc://red-team/h.jsonl, secretRef: {name: a, key: b}}\n");
        Said neither = validate(VECTOR + "  harmfulDataset: {}\n");
        for (Said said : List.of(both, neither)) {
            assertThat(said.exitCode()).isEqualTo(1);
            assertThat(said.lines())
                    .first()
                    .asString()
                    .startsWith("a.yaml:8: spec.harmfulDataset: ")
                    .endsWith("exactly one of uri and secretRef must be given");
        }
    }

    @Test
    void missingFieldIsSoughtWhereItShouldStandAndHidesNothing() throws IOException {
        Said said = validate(RUN.replace("  output:  {uri: pvc://models/support-bot}\n", "")
                + "  safety:\n    gate: {mode: Fixed}\n");
        assertThat(said.lines())
                .containsExactly(
                        "a.yaml:4: spec.output: is missing",
                        "a.yaml:8: spec.safety.gate.drop: drop must be given exactly when mode is Fixed, such as"
                                + " {mode: Fixed, drop: \"0.8\"}",
                        "2 faults in 1 file");
    }

    @Test
    void anOutputThatWouldReplaceWhatTheRunReadsIsNamed() throws IOException {
        assertThat(validate(RUN.replace("pvc://models/support-bot", "pvc://models/base/"))
                        .lines())
                .containsExactly(
                        "a.yaml:7: spec.output.uri: \"pvc://models/base/\": what is published there would replace"
                                + " spec.model.uri, which is pvc://models/base; name a place beside it",
                        "1 fault in 1 file");
        assertThat(validate(VECTOR.replace("pvc://vectors/base", "pvc://red-team")
                                + "  harmfulDataset: {uri: pvc://red-team/harmful.jsonl}\n")
                        .lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("a.yaml:7: spec.storage.uri: \"pvc://red-team\": what is published there would replace"
                        + " spec.harmfulDataset.uri");
    }

    @Test
    void valueThatYamlReadsAsANumberIsToldToBeQuoted() throws IOException {
        assertThat(validate(RUN + "  safety: {evaluation: {maxHarmfulRate: 0.02}}\n")
                        .lines())
                .first()
                .isEqualTo("a.yaml:8: spec.safety.evaluation.maxHarmfulRate: 0.02: must be of type string, which YAML"
                        + " makes of it only in quotes");
    }

    @Test
    void faultInALaterDocumentHasItsOwnLine() throws IOException {
        assertThat(validate(RUN + "---\n" + RUN.replace("pvc://tickets", "file:///tickets"))
                        .lines())
                .first()
                .asString()
                .startsWith("a.yaml:14: spec.dataset.uri: \"file:///tickets/train.jsonl\": uri must start with pvc://");
    }

    @Test
    void schemeThatThisReleaseDoesNotServeIsForeseen() throws IOException {
        assertThat(validate(RUN.replace("pvc://models/base", "hf://Qwen/Qwen2.5-7B-Instruct"))
                        .lines())
                .first()
                .isEqualTo("a.yaml:5: spec.model.uri: \"hf://Qwen/Qwen2.5-7B-Instruct\": this release serves"
                        + " pvc://claim/path only: put it on a PersistentVolumeClaim of the namespace and name that");
    }

    @Test
    void runWithoutVectorNeedsItsOwnRequests() throws IOException {
        assertThat(validate(RUN + "  safety: {protection: None}\n").lines())
                .first()
                .asString()
                .startsWith("a.yaml:8: spec.safety.evaluation.prompts: is missing; with protection None");
    }

    @Test
    void fieldThatStandsTwiceIsRefused() throws IOException {
        assertThat(validate(RUN + "  output:  {uri: pvc://models/other}\n").lines())
                .first()
                .isEqualTo("a.yaml:8: spec.output: stands here twice; keep one");
    }

    @Test
    void brokenYamlIsRefusedAtItsLine() throws IOException {
        assertThat(validate("kind: SafeFineTune\nspec: {model: [\n").lines())
                .first()
                .asString()
                .startsWith("a.yaml:3: not YAML: ");
    }

    @Test
    void otherKindsOfTheGroupAndOtherVersionsAreRefused() throws IOException {
        assertThat(validate(RUN.replace("kind: SafeFineTune", "kind: SafeFinetune"))
                        .lines())
                .first()
                .isEqualTo("a.yaml:2: kind: \"SafeFinetune\": must be one of"
                        + " [SafeFineTune, SafeFineTunePolicy, SecurityVector]");
        assertThat(validate(RUN.replace("v1alpha1", "v1")).lines())
                .first()
                .isEqualTo("a.yaml:1: apiVersion: \"safefinetune.dev/v1\": must be safefinetune.dev/v1alpha1");
    }

    @Test
    void objectsOfOtherApisMayStandBeside() throws IOException {
        assertThat(validate("apiVersion: v1\nkind: Namespace\nmetadata: {name: team-a}\n---\n" + RUN)
                        .exitCode())
                .isZero();
    }

    @Test
    void missingAndEmptyFilesAreFaults() throws IOException {
        assertThat(Said.by(
                                directory,
                                List.of("-f", directory.resolve("none.yaml").toString()))
                        .lines())
                .first()
                .isEqualTo("none.yaml:1: there is no such file");
        assertThat(validate("# nothing\n").lines()).first().isEqualTo("a.yaml:1: there is no manifest in it");
    }

    @Test
    void directoryStandsForItsYamlFiles() throws IOException {
        Files.writeString(directory.resolve("one.yaml"), RUN);
        Files.writeString(directory.resolve("two.yml"), RUN);
        Files.writeString(directory.resolve("notes.txt"), "no YAML: [");
        assertThat(Said.by(directory, List.of("-f", directory.toString())).lines())
                .containsExactly("2 files without a fault");
    }

    @Test
    void manifestThatLeadsIntoItselfIsRefused() throws IOException {
        Said said = validate(RUN + "  method: &method\n    lora: *method\n");
        assertThat(said.exitCode()).isEqualTo(1);
    }

    @Test
    void aLimitThatNoSuiteCanShowIsAFault() throws IOException {
        Said said = validate(RUN + "  safety: {evaluation: {maxHarmfulRate: \"0\", maxIncreaseOverBase: \"0.01\"}}\n");

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.lines())
                .first()
                .asString()
                .startsWith("a.yaml:8: spec.safety.evaluation.maxHarmfulRate: \"0\": no suite")
                .contains("0.03 needs 125, 0.01 needs 381");
    }
}
