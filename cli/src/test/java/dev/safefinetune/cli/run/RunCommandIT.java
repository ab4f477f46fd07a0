package dev.safefinetune.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command with the shipped operator and a trainer that acts: what happens when something dies or is missing. */
@Timeout(value = 12, unit = TimeUnit.MINUTES)
class RunCommandIT {
    private static final String CLAIM = """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: models
              annotations: {local.safefinetune.dev/path: models}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            ---
            """;
    private static final String VECTOR = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SecurityVector
            metadata: {name: v}
            spec:
              baseModel:      {uri: "pvc://models/base"}
              harmfulDataset: {uri: "pvc://models/harmful.jsonl"}
              benignDataset:  {uri: "pvc://models/benign.jsonl"}
              evaluation:
                prompts: {uri: "pvc://models/requests.jsonl"}
              storage:        {uri: "pvc://models/v"}
            ---
            """;
    private static final String FINE_TUNE = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTune
            metadata: {name: t}
            spec:
              model:   {uri: "pvc://models/base"}
              dataset: {uri: "pvc://models/train.jsonl"}
              output:  {uri: "pvc://models/published"}
              safety:
                evaluation: {prompts: {uri: "pvc://models/requests.jsonl"}}
            """;
    private static final List<String> ALL_STAGES = List.of(
            "v-1 PrepareVector",
            "v-1 TrainVector",
            "v-1 Assess",
            "v-1 Store",
            "t-1 Prepare",
            "t-1 Train",
            "t-1 Evaluate",
            "t-1 Publish");

    @TempDir
    Path world;

    private CommandUnderTest command;

    @BeforeEach
    void build() throws Exception {
        command = new CommandUnderTest(world.toRealPath());
        command.manifest(CLAIM + VECTOR + FINE_TUNE);
    }

    @AfterEach
    void stop() {
        command.close();
    }

    @Test
    void anOperatorKilledAtEachStageStartsNoJobTwice() throws Exception {
        for (String stage : ALL_STAGES) {
            command.act(stage.split(" ")[1], "sleep 600");
        }
        Process run = command.start();
        for (String stage : ALL_STAGES) {
            command.awaitBegun(stage, 1);
            command.operators().forEach(ProcessHandle::destroyForcibly);
        }
        assertThat(command.awaitExit(run)).as(command.output()).isZero();
        assertThat(command.begun()).isEqualTo(once(ALL_STAGES));
        command.awaitNoProcess();
    }

    @Test
    void stoppedOrKilledItLeavesNoProcessAndGoesOnAtTheStageWhereItStopped() throws Exception {
        command.act("TrainVector", "sleep 600000");
        Process first = command.start();
        command.awaitBegun("v-1 TrainVector", 1);
        assertThat(command.processes()).hasSizeGreaterThan(2);
        new ProcessBuilder("kill", "-INT", Long.toString(first.pid())).start().waitFor();
        assertThat(command.awaitExit(first)).isEqualTo(130);
        command.awaitNoProcess();

        command.act("TrainVector", "");
        command.act("Train", "sleep 600000");
        Process second = command.start();
        command.awaitBegun("t-1 Train", 1);
        assertThat(command.processes()).hasSizeGreaterThan(2);
        second.destroyForcibly();
        command.awaitNoProcess();

        command.act("Train", "");
        assertThat(command.awaitExit(command.start())).as(command.output()).isZero();
        Map<String, Integer> expected = once(ALL_STAGES);
        expected.put("v-1 TrainVector", 2);
        expected.put("t-1 Train", 2);
        assertThat(command.begun()).isEqualTo(expected);
    }

    @Test
    void anOperatorThatNeverStartsEndsTheRunWithItsLastWords() throws Exception {
        command.breakOperator();
        assertThat(command.awaitExit(command.start())).as(command.output()).isEqualTo(1);
        assertThat(command.output()).contains("the operator died too often", "the operator is broken");
        assertThat(command.begun()).isEmpty();
    }

    @Test
    void aFaultEndsTheRunBeforeTrainingWithItsReason() throws Exception {
        command.act("Prepare", "fault DATASET_INVALID");
        assertThat(command.awaitExit(command.start())).as(command.output()).isEqualTo(1);
        assertThat(command.output()).contains("SafeFineTune/t failed", "DatasetInvalid", "played fault on line 17");
        assertThat(command.begun()).doesNotContainKey("t-1 Train");
    }

    @Test
    void aTrainerThatDiesWithoutAResultFailsTheRun() throws Exception {
        command.act("TrainVector", "die");
        assertThat(command.awaitExit(command.start())).as(command.output()).isEqualTo(1);
        assertThat(command.output()).contains("SecurityVector/v failed", "exit code 9", "SafeFineTune/t");
        assertThat(command.begun()).doesNotContainKeys("v-1 Assess", "t-1 Prepare");
    }

    @Test
    void aRefusedVerdictPublishesNothing() throws Exception {
        command.act("Evaluate", "fail-verdict");
        assertThat(command.awaitExit(command.start())).as(command.output()).isEqualTo(1);
        assertThat(command.output()).contains("SafeFineTune/t failed", "harmful compliance is too high");
        assertThat(command.begun()).doesNotContainKey("t-1 Publish");
    }

    @Test
    void aMissingVectorIsNamed() throws Exception {
        command.manifest(CLAIM + FINE_TUNE);
        assertThat(command.awaitExit(command.start())).as(command.output()).isEqualTo(1);
        assertThat(command.output()).contains("SafeFineTune/t failed", "Vector");
        assertThat(command.begun()).isEmpty();
    }

    @Test
    void aManifestWithAFaultIsRefusedWithItsLineBeforeAnythingStarts() throws Exception {
        command.manifest(CLAIM + FINE_TUNE.replace("model:   {uri", "modell: {uri"));
        assertThat(command.awaitExit(command.start())).isEqualTo(1);
        assertThat(command.output()).contains("manifest.yaml:", "spec.modell");
        assertThat(world.resolve("state")).doesNotExist();
    }

    private static Map<String, Integer> once(List<String> stages) {
        Map<String, Integer> counts = new TreeMap<>();
        stages.forEach(s -> counts.put(s, 1));
        return counts;
    }
}
