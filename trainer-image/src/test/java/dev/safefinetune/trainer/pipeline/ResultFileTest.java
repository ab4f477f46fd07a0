package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
    @TempDir
    Path dir;

    @Test
    void aLongMessageOfWideCharactersStillFits() throws IOException {
        StageResult read =
                written(StageResult.failed(SmallWorld.RUN, Stage.PREPARE, Fault.DATASET_INVALID, "東".repeat(5000)));
        assertThat(read.fault()).isEqualTo(Fault.DATASET_INVALID);
    }

    @Test
    void manyFindingsAreShortenedAndTheVerdictStays() throws IOException {
        StageResult read = written(StageResult.done(
                SmallWorld.RUN,
                Stage.ASSESS,
                Inputs.of(Map.of()),
                new StageFigures.Readiness(
                        Verdict.FAILED,
                        Collections.nCopies(100, "a finding ".repeat(20)),
                        null,
                        null,
                        null,
                        null,
                        new TreeMap<>(Map.of("c", new StageFigures.Readiness.Category(0, 0, 0, 1, 1))),
                        0,
                        0,
                        List.of(),
                        null)));
        assertThat(read.figures()).isInstanceOfSatisfying(StageFigures.Readiness.class, r -> {
            assertThat(r.verdict()).isEqualTo(Verdict.FAILED);
            assertThat(r.findings()).hasSizeBetween(1, 99);
        });
    }

    @Test
    void aResultThatCannotBeToldIsAFaultAndWhoWritesItIsTold() throws IOException {
        TreeMap<String, StageFigures.Readiness.Category> categories = new TreeMap<>();
        for (int k = 0; k < 99; k++) {
            categories.put("category " + k, new StageFigures.Readiness.Category(0, 0, 0, 1, 1));
        }
        Path file = dir.resolve("result");

        StageResult told = ResultFile.write(
                file,
                StageResult.done(
                        SmallWorld.RUN,
                        Stage.ASSESS,
                        Inputs.of(Map.of()),
                        new StageFigures.Readiness(
                                Verdict.PASSED, List.of(), 1.0, 0.5, null, null, categories, 0, 0, List.of(), null)));

        assertThat(told.fault()).isEqualTo(Fault.INTERNAL);
        assertThat(ContractJson.read(Files.readString(file), StageResult.class)).isEqualTo(told);
    }

    @Test
    void aFileThatIsThereIsWrittenInPlace() throws IOException {
        Path file = Files.writeString(dir.resolve("result"), "x".repeat(9000));
        Path link = Files.createLink(dir.resolve("mounted"), file);
        ResultFile.write(file, StageResult.failed(SmallWorld.RUN, Stage.TRAIN, Fault.DIVERGED, "step 3"));
        assertThat(ContractJson.read(Files.readString(link), StageResult.class).fault())
                .as("a mounted file is the same one afterwards")
                .isEqualTo(Fault.DIVERGED);
    }

    private StageResult written(StageResult result) throws IOException {
        Path file = dir.resolve("result");
        ResultFile.write(file, result);
        assertThat(Files.size(file)).isLessThanOrEqualTo(StageResult.MAX_BYTES);
        return ContractJson.read(Files.readString(file), StageResult.class);
    }
}
