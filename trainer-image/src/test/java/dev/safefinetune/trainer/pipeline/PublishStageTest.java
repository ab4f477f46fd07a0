package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the publish stage does when something is wrong. */
class PublishStageTest extends JudgedModel {
    @Test
    void nothingIsPublishedWithoutAPassedReportOfThisVeryModel() throws IOException {
        StageResult judged = done(
                RUN,
                new StageTask.Evaluate(
                        "scratch", made, new EvaluationThresholds(0, 0, 0, 0.0), false, 7, null, null, null, null));
        assertThat(figures(judged, StageFigures.Evaluation.class).verdict()).isEqualTo(Verdict.FAILED);
        Inputs refused = made.plus(judged.outputs());
        StageTask task = new StageTask.Publish(
                "scratch", refused, PublishedContent.MERGED, new Target("pvc://out/no", "volumes/out/no"));
        failed(RUN, task, Fault.PUBLISH_CHECK_FAILED);
        assertThat(root.resolve("volumes/out/no")).doesNotExist();
        made = made.plus(done(RUN, new StageTask.Evaluate("scratch", made, ANYTHING, false, 7, null, null, null, null))
                .outputs());
    }

    @Test
    void theReportOfARefusedModelIsKeptBesideTheOutputAndIsNoModel() throws IOException {
        Target refusal = new Target("pvc://out/bot.refused/bot-1", "volumes/out/bot.refused/bot-1");
        StageTask.Evaluate task = new StageTask.Evaluate(
                "scratch", made, new EvaluationThresholds(0, 0, 0, 0.0), false, 7, refusal, null, null, null);
        StageResult judged = done(RUN, task);
        Path kept = root.resolve(refusal.path());
        assertThat(judged.outputs().get(Inputs.REFUSAL)).isEqualTo(Digests.ofFile(kept.resolve("refused.json")));
        SafetyReport report = ContractJson.read(Files.readString(kept.resolve("refused.json")), SafetyReport.class);
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.findings()).isNotEmpty();
        assertThat(kept.resolve("refused.html")).content().contains("What spoke against publishing");
        AtomicDirectory.verify(kept);
        assertThatThrownBy(() -> ModelDirectory.inspect(kept)).hasMessageContaining("config.json");
        assertThatThrownBy(() -> Destination.MODEL.check(kept)).hasMessageContaining("a report of a refused model");
        // Once more, as after a killed pod; and where it cannot be kept, the verdict stands.
        done(RUN, task);
        DurableFiles.write(kept.resolve("notes"), "precious");
        StageResult again = done(RUN, task);
        assertThat(figures(again, StageFigures.Evaluation.class).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(again.outputs().digests()).doesNotContainKey(Inputs.REFUSAL);
        assertThat(kept.resolve("notes")).hasContent("precious");
        done(RUN, evaluate(ANYTHING));
    }

    /** The cluster has made it for a report that there is not. */
    @Test
    void thePlaceOfARefusalGoesWhereThereWasNone() throws IOException {
        Path out = root.resolve("volumes/out");
        Files.createDirectories(out.resolve("tidy.refused"));
        Files.createDirectories(out.resolve("kept.refused/bot-0"));
        done(RUN, publish(PublishedContent.MERGED, "tidy"));
        done(RUN, publish(PublishedContent.MERGED, "kept"));
        assertThat(out.resolve("tidy.refused")).doesNotExist();
        assertThat(out.resolve("kept.refused/bot-0")).exists();
    }

    @Test
    void aModelThatIsNotWhatWasTrainedIsNotPublished() throws IOException {
        Path record = root.resolve("scratch/trained/record.json");
        String before = Files.readString(record);
        TrainedRecord read = TrainedRecord.read(record);
        PublicationProof p = read.proof();
        PublicationProof forged = new PublicationProof(
                p.base(),
                p.model(),
                p.adapter(),
                p.vectorTensors(),
                p.vectorShare(),
                p.merged().stream().map(x -> x + 1).toList(),
                p.precision(),
                p.attached());
        new TrainedRecord(read.training(), forged).write(record);
        StageResult result = failed(RUN, publish(PublishedContent.MERGED, "no", record), Fault.PUBLISH_CHECK_FAILED);
        assertThat(result.message()).contains("is not what was trained");
        new TrainedRecord(
                        read.training(),
                        new PublicationProof(
                                p.base(),
                                p.model(),
                                p.adapter(),
                                new java.util.TreeSet<>(List.of(anyTensor())),
                                p.vectorShare(),
                                p.merged(),
                                p.precision(),
                                p.attached()))
                .write(record);
        result = failed(RUN, publish(PublishedContent.MERGED, "no", record), Fault.PUBLISH_CHECK_FAILED);
        assertThat(result.message()).contains("is one of the security vector's");
        for (double share : new double[] {0.9, Double.NaN}) {
            new TrainedRecord(
                            read.training(),
                            new PublicationProof(
                                    p.base(),
                                    p.model(),
                                    p.adapter(),
                                    p.vectorTensors(),
                                    share,
                                    p.merged(),
                                    p.precision(),
                                    p.attached()))
                    .write(record);
            result = failed(RUN, publish(PublishedContent.MERGED, "no", record), Fault.PUBLISH_CHECK_FAILED);
            assertThat(result.message()).contains("a share of " + share + " of the vector");
        }
        Files.writeString(record, before);
        assertThat(root.resolve("volumes/out/no")).doesNotExist();
    }

    @Test
    void aPublicationThatIsKilledHalfWayLeavesNothingThatLooksWhole() throws Exception {
        StageTask.Publish task = publish(PublishedContent.MERGED, "killed");
        Path job = Files.writeString(
                root.resolve("job.json"), ContractJson.write(new JobSpec(JobSpec.VERSION, RUN, task, null)));
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                                .map(p -> Path.of(p).toAbsolutePath().toString())
                                .collect(java.util.stream.Collectors.joining(java.io.File.pathSeparator)),
                        "dev.safefinetune.trainer.command.TrainerCommand",
                        "run",
                        job.toString(),
                        "--result",
                        root.resolve("result.json").toString())
                .directory(root.toFile())
                .redirectOutput(root.resolve("child.log").toFile())
                .redirectErrorStream(true)
                .start();
        Path out = root.resolve("volumes/out");
        while (child.isAlive() && hidden(out).stream().noneMatch(PublishStageTest::hasFiles)) {
            Thread.sleep(1);
        }
        child.destroyForcibly().waitFor();
        assertThat(hidden(out)).as(Files.readString(root.resolve("child.log"))).hasSize(1);
        assertThat(out.resolve("killed")).doesNotExist();
        assertThat(root.resolve("result.json")).doesNotExist();

        done(RUN, task);
        AtomicDirectory.verify(out.resolve("killed"));
        assertThat(hidden(out)).isEmpty();
    }

    /** The empty directory by which the stage finds out whether it may write is gone again before it writes. */
    private static boolean hasFiles(Path directory) {
        String[] files = directory.toFile().list();
        return files != null && files.length > 0;
    }

    private String anyTensor() {
        try (var checkpoint = dev.safefinetune.trainer.store.Checkpoint.open(root.resolve("scratch/trained/secured"))) {
            return Digests.ofSegment(
                            checkpoint.tensors().values().iterator().next().data())
                    .value();
        }
    }
}
