package dev.safefinetune.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The images run: read-only, without root and without a network. */
class ImageRunIT {
    private static final String NO_CLUSTER = "cannot be reached";

    private static final Path TREE = Path.of("..").toAbsolutePath().normalize();

    /** The limit that the chart sets: the JVM sizes by it what its options leave open. */
    private static final String MEMORY = "--memory=256m";

    @BeforeAll
    static void load() throws IOException {
        Docker.load("operator");
        Docker.load("trainer");
    }

    @Test
    void theTrainerAnswers() throws IOException {
        assertThat(Docker.run("trainer", List.of(), List.of("--version"))).startsWith("trainer ");
        assertThat(Docker.run("trainer", List.of(), List.of("--help"))).contains("fine-tune", "run");
    }

    /** As the operator's pods call it: a command by its name. */
    @Test
    void theTrainerIsFoundByItsName() throws IOException {
        assertThat(Docker.run("trainer", List.of("--entrypoint=trainer", "--workdir=/"), List.of("run", "--help")))
                .contains("--result");
    }

    /** Clusters exist that give every namespace user ids of its own. */
    @Test
    void anyUserMayRunTheTrainer(@TempDir Path out) throws IOException {
        assertThat(fineTuned(out, "1234567:0")).exists();
    }

    @Test
    void aModelTrainedInTheImageIsTheOneTrainedOutside(@TempDir Path inside, @TempDir Path outside) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(TREE.resolve("build/bin/trainer").toString()));
        command.addAll(fineTune(
                TREE.resolve("examples/quickstart").toString(),
                outside.resolve("model").toString()));
        Program.run(command, Map.of("OMP_NUM_THREADS", "1"));

        assertThat(fineTuned(inside, "10001:10001")).hasSameBinaryContentAs(outside.resolve("model/model.safetensors"));
    }

    private static Path fineTuned(Path out, String user) throws IOException {
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rwxrwxrwx"));
        Docker.run(
                "trainer",
                List.of(
                        "--user=" + user,
                        "--env=OMP_NUM_THREADS=1",
                        "--volume=" + TREE.resolve("examples/quickstart") + ":/data:ro",
                        "--volume=" + out + ":/out"),
                fineTune("/data", "/out/model"));
        return out.resolve("model/model.safetensors");
    }

    private static List<String> fineTune(String data, String out) {
        return List.of(
                "fine-tune",
                "--method",
                "full",
                "--model",
                data + "/models/base",
                "--dataset",
                data + "/data/trusted/cooldown.jsonl",
                "--epochs",
                "1",
                "--batch-size",
                "20",
                "--max-sequence-length",
                "64",
                "--out",
                out);
    }

    @Test
    void theOperatorSaysThatThereIsNoClusterAndWaitsForIt() throws Exception {
        assertThat(Docker.logUntil(NO_CLUSTER, "operator", List.of(MEMORY)))
                .contains("the API server at https://kubernetes.default.svc/ " + NO_CLUSTER);
    }

    /** The share of its classes that comes out of the archive falls when the list grows old: scripts/record-classes. */
    @Test
    void theOperatorsClassesComeOutOfTheArchive() throws Exception {
        String log = Docker.logUntil(
                NO_CLUSTER, "operator", List.of(MEMORY, "--env=JAVA_TOOL_OPTIONS=-Xshare:on -Xlog:class+load"));
        long all = log.lines().filter(line -> line.contains("class,load")).count();
        long archived =
                log.lines().filter(line -> line.contains("shared objects file")).count();
        System.out.printf("operator: %d of %d classes out of the archive%n", archived, all);

        assertThat(archived).isGreaterThan(all * 8 / 10).isGreaterThan(4000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bin/sh", "bin/bash", "bin/busybox"})
    void thereIsNoShellToStart(String shell) {
        assertThatThrownBy(() -> Docker.run("trainer", List.of("--entrypoint=/" + shell), List.of("-c", "true")))
                .hasMessageContaining("no such file or directory");
    }
}
