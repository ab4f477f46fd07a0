package dev.safefinetune.cli.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests that are held to policies. */
class ValidatePolicyTest {
    private static final String RUN = ValidateCommandTest.RUN;

    @TempDir
    private Path directory = Path.of(".");

    private static final String POLICY = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTunePolicy
            metadata: {name: prod}
            spec:
              allowedModels: ["pvc://approved/*"]
              limits: {maxEpochs: 2, maxGpus: 1}
              securityVectors: {from: Any}
              suites: {from: Any}
            """;

    private Said validateUnder(String policy, String manifest) throws IOException {
        Path policies = Files.writeString(directory.resolve("policy.yaml"), policy);
        Path file = Files.writeString(directory.resolve("a.yaml"), manifest);
        return Said.by(directory, List.of("-f", file.toString(), "--policy", policies.toString()));
    }

    @Test
    void whatAPolicyRefusesIsNamedAtTheFieldThatItRefuses() throws IOException {
        assertThat(validateUnder(POLICY, RUN + "  resources: {gpus: 2}\n"))
                .isEqualTo(new Said(
                        1,
                        List.of(
                                "a.yaml:4: spec.method.hyperparameters.epochs: 3: policy prod allows at most 2",
                                "a.yaml:5: spec.model.uri: \"pvc://models/base\": policy prod allows pvc://approved/*",
                                "a.yaml:8: spec.resources.gpus: 2: policy prod allows at most 1",
                                "3 faults in 1 file")));
    }

    @Test
    void whatAPolicyWouldRefuseThatIsNotEnforcedIsAWarning() throws IOException {
        assertThat(validateUnder(POLICY.replace("spec:\n", "spec:\n  enforcement: Warn\n"), RUN))
                .isEqualTo(new Said(
                        0,
                        List.of(
                                "a.yaml:4: warning: spec.method.hyperparameters.epochs: 3: policy prod allows at most 2",
                                "a.yaml:5: warning: spec.model.uri: \"pvc://models/base\": policy prod allows pvc://approved/*",
                                "1 file without a fault, 2 warnings")));
    }

    @Test
    void aManifestWithinAPolicyPasses() throws IOException {
        assertThat(validateUnder(
                        "# later\n" + POLICY.replace("approved", "models").replace("maxEpochs: 2", "maxEpochs: 4"),
                        RUN))
                .isEqualTo(new Said(0, List.of("1 file without a fault")));
    }

    @Test
    void aPolicyThatIsNoneIsAFault() throws IOException {
        assertThat(validateUnder(RUN, RUN).lines())
                .first()
                .isEqualTo("policy.yaml:2: kind: \"SafeFineTune\": must be SafeFineTunePolicy in --policy");
        assertThat(validateUnder(POLICY.replace("name: prod", "labels: {}"), RUN)
                        .lines())
                .first()
                .isEqualTo("policy.yaml:3: metadata.name: is missing");
        assertThat(validateUnder(POLICY.replace("maxGpus", "maxGpu"), RUN).lines())
                .first()
                .asString()
                .startsWith("policy.yaml:6: spec.limits.maxGpu: there is no such field");
    }
}
