package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.pipeline.VectorCard;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command of a pod, at the stage that needs no model. */
class RunCommandTest {
    @TempDir
    private Path dir;

    @Test
    void aResultThatCanBeToldEndsWithZero() throws IOException {
        assertThat(store("pvc://vectors/sv")).isZero();
        assertThat(result().fault()).isNull();
    }

    @Test
    void whatIsTooLongToBeToldEndsWithTheExitCodeOfWhatIsTold() throws IOException {
        assertThat(store("pvc://vectors/" + "x".repeat(StageResult.MAX_BYTES))).isEqualTo(Fault.INTERNAL.exitCode());
        assertThat(result().fault()).isEqualTo(Fault.INTERNAL);
    }

    private StageResult result() throws IOException {
        return ContractJson.read(Files.readString(dir.resolve("result")), StageResult.class);
    }

    /** Stores a vector that passed its assessment, and gives the exit code. */
    private int store(String uri) throws IOException {
        Path vector = Files.createDirectories(dir.resolve("scratch/trained/vector"));
        Files.writeString(vector.resolve(ModelDirectory.ADAPTER_CONFIG), "{}");
        Files.writeString(vector.resolve(ModelDirectory.ADAPTER_WEIGHTS), "weights");
        Digest digest = ModelDirectory.digest(vector);
        Path replay = Files.createDirectories(dir.resolve("scratch/assessed")).resolve("replay.jsonl");
        Files.writeString(replay, "");
        Readiness passed = new Readiness(
                Verdict.PASSED,
                List.of(),
                1.0,
                0.5,
                new Readiness.Replay(Digests.ofFile(replay), 8, 0),
                null,
                new TreeMap<>(Map.of("hexes", new Readiness.Category(1, 1, 0, 9, 30))),
                0,
                0,
                List.of(),
                null);
        VectorCard card = new VectorCard(
                digest, digest, 0, new TrainingReport.Curve(List.of(), List.of(), 0, 0, null, 1, 1), passed);
        Path assessment =
                Files.createDirectories(dir.resolve("scratch/assessed")).resolve("assessment.json");
        Files.writeString(assessment, ContractJson.write(card));
        StageTask task = new StageTask.Store(
                dir.resolve("scratch").toString(),
                Inputs.of(Map.of(
                        Inputs.VECTOR,
                        digest,
                        Inputs.ASSESSMENT,
                        Digests.ofFile(assessment),
                        Inputs.REPLAY,
                        Digests.ofFile(replay))),
                new Target(uri, dir.resolve("volumes/vectors/sv").toString()));
        RunIdentity run = new RunIdentity("team-a", "SecurityVector", "sv", "uid", "sv-1");
        Path job = Files.writeString(
                dir.resolve("job.json"), ContractJson.write(new JobSpec(JobSpec.VERSION, run, task, null)));
        return TrainerCommand.commandLine()
                .execute(
                        "run", job.toString(), "--result", dir.resolve("result").toString());
    }
}
