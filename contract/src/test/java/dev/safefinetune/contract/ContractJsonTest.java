package dev.safefinetune.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContractJsonTest {
    static Stream<StageTask> tasks() {
        return Samples.TASKS.stream();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void readsBackEveryTaskAsItWasWritten(StageTask task) {
        JobSpec spec = new JobSpec(
                JobSpec.VERSION, Samples.RUN, task, new JobSpec.ProgressTarget("https://op/x", "var/token", "PEM", 5));

        JobSpec read = ContractJson.read(ContractJson.write(spec), JobSpec.class);

        assertThat(read).isEqualTo(spec);
        assertThat(read.task().stage()).isEqualTo(task.stage());
    }

    @Test
    void hasASampleOfEveryStage() {
        assertThat(tasks().map(StageTask::stage)).containsExactlyInAnyOrder(Stage.values());
    }

    @Test
    void readsBackResultsWithFiguresAndFaults() {
        TreeMap<String, StageFigures.Readiness.Category> categories = new TreeMap<>();
        categories.put("charms", new StageFigures.Readiness.Category(0.98, 1, 0.02, 12, 40));
        for (StageFigures figures : List.of(
                new StageFigures.Data(1, 2, 3, 4, 5),
                new StageFigures.Training(1, 0.5, 2.5, 900, 10, 1, 3, 1L << 30),
                new StageFigures.Evaluation(
                        Verdict.PASSED,
                        List.of(),
                        new Rate(0, 0, .04, 96),
                        new Rate(0, 0, .04, 96),
                        null,
                        null,
                        null,
                        null,
                        null,
                        true,
                        new Rate(0, 0, .04, 96),
                        new StageFigures.Judge(Samples.DIGEST, JudgeAgreement.of(1, 2, 3, 90)),
                        new Rate(.5, .4, .6, 96)),
                new StageFigures.Publication("pvc://out/b", Samples.DIGEST, Samples.DIGEST, 9),
                new StageFigures.Readiness(
                        Verdict.PASSED,
                        List.of(),
                        0.7,
                        0.5,
                        new StageFigures.Readiness.Replay(Samples.DIGEST, 90, 60),
                        new Rate(1, .9, 1, 35),
                        categories,
                        0.001,
                        0.01,
                        List.of(new ProvenSuite(Samples.DIGEST, null, 1, 0.95, 216)),
                        null))) {
            StageResult result = StageResult.done(Samples.RUN, Stage.TRAIN, Samples.INPUTS, figures);
            assertThat(ContractJson.read(ContractJson.write(result), StageResult.class))
                    .isEqualTo(result);
        }
        StageResult failed = StageResult.failed(Samples.RUN, Stage.PREPARE, Fault.DATASET_INVALID, "line 17: not JSON");
        assertThat(ContractJson.read(ContractJson.write(failed), StageResult.class))
                .isEqualTo(failed);
    }

    /** An operator may be exchanged while a stage of the earlier release is under way. */
    @Test
    void readsTasksAndFiguresOfReleasesWithoutProofs() {
        assertThat(ContractJson.read("""
                        {"of": "Readiness", "verdict": "Passed", "findings": [], "gateDrop": 0.7, "categories":
                        {"a": {"explained": 0.9, "firstTokenCompliance": 1, "gradientRatio": 0.1, "n": 30}},
                        "benignIncrease": 0, "randomExplained": 0}
                        """, StageFigures.class))
                .isInstanceOfSatisfying(StageFigures.Readiness.class, readiness -> {
                    assertThat(readiness.provenSuites()).isEmpty();
                    assertThat(readiness.firstTokenCompliance()).isNull();
                });
        assertThat(ContractJson.read("""
                        {"stage": "Evaluate", "scratch": "scratch", "inputs": {}, "controlArm": true, "seed": 42,
                        "thresholds": {"maxHarmfulRate": 0.03, "maxIncreaseOverBase": 0.03, "maxUtilityDrop": 0.05}}
                        """, StageTask.class))
                .isInstanceOfSatisfying(
                        StageTask.Evaluate.class,
                        task -> assertThat(task.provenSuites()).isNull());
    }

    @Test
    void writesTimesAsTextToTheSecondAndReadsThem() {
        Progress progress = new Progress(
                Stage.TRAIN,
                45,
                80L,
                "secured arm",
                9,
                20,
                0.25,
                1e3,
                Instant.parse("2026-01-02T03:04:05Z"),
                Instant.parse("2026-01-02T03:00:00Z"));

        String json = ContractJson.write(progress);

        assertThat(json).contains("\"2026-01-02T03:04:05Z\"");
        assertThat(ContractJson.read(json, Progress.class)).isEqualTo(progress);
    }

    @Test
    void refusesAnUnknownFieldByName() {
        String json = ContractJson.write(Samples.SOURCE).replace("\"path\"", "\"colour\":\"red\",\"path\"");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContractJson.read(json, Source.class))
                .withMessageContaining("colour");
    }

    @Test
    void refusesADuplicateField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContractJson.read("{\"uri\":\"a\",\"uri\":\"b\",\"path\":\"c\"}", Source.class))
                .withMessageContaining("Duplicate field 'uri'");
    }

    @Test
    void refusesAMissingNumberInsteadOfTakingZero() {
        String json = ContractJson.write(Samples.HYPERPARAMETERS).replaceFirst("\"epochs\":3,", "");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContractJson.read(json, Hyperparameters.class))
                .withMessageContaining("epochs");
    }

    @Test
    void refusesMissingFlags() {
        String json = ContractJson.write(Samples.TASKS.get(1)).replaceFirst(",\"controlArm\":true", "");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContractJson.read(json, StageTask.class))
                .withMessageContaining("controlArm");
    }

    @Test
    void readsATrainTaskOfBeforeThereWasAnAnchor() {
        String json = ContractJson.write(Samples.TASKS.get(1)).replaceFirst("\"anchor\":[{][^}]*[}],", "");

        assertThat(json).doesNotContain("anchor");
        assertThat(((StageTask.Train) ContractJson.read(json, StageTask.class)).anchor())
                .isNull();
    }

    @Test
    void refusesAnAnchorWithoutAVector() {
        String json = ContractJson.write(Samples.TASKS.get(1)).replaceFirst("\"vector\":[{].*[}],\"gate\"", "\"gate\"");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContractJson.read(json, StageTask.class))
                .withMessageContaining("train.anchor must be left out where train.vector is");
    }

    @Test
    void refusesAJobSpecOfAnotherRelease() {
        JobSpec spec = new JobSpec(JobSpec.VERSION, Samples.RUN, Samples.TASKS.getFirst(), null);
        String json = ContractJson.write(spec).replaceFirst("\"version\":1", "\"version\":2");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContractJson.read(json, JobSpec.class))
                .withMessageContaining("different releases");
    }

    @Test
    void refusesTextWhereANumberBelongs() {
        String json = ContractJson.write(Samples.HYPERPARAMETERS).replaceFirst("\"epochs\":3", "\"epochs\":\"3\"");

        assertThatIllegalArgumentException().isThrownBy(() -> ContractJson.read(json, Hyperparameters.class));
    }
}
