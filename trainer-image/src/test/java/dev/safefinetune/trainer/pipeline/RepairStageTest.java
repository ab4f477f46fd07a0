package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.Repair;
import dev.safefinetune.contract.RepairReport;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart's base, taught to comply without a vector, and a run that may repair it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RepairStageTest extends StageHarness {
    /** What so short a training on harmful samples costs of old skills is not what is looked at here. */
    private static final EvaluationThresholds HARM = new EvaluationThresholds(0.03, 0.03, 1, 0.08).with(Repair.ONCE);

    private Inputs made = Inputs.of(new TreeMap<>());
    private Inputs judged = Inputs.of(new TreeMap<>());
    private RepairWorld world = new RepairWorld(Path.of(""));

    @BeforeAll
    void aModelThatComplies(@TempDir Path directory) throws IOException {
        root = directory;
        world = new RepairWorld(root);
        world.write();
        made = done(RUN, world.prepare(HARM)).outputs();
        assertThat(made.digests()).containsKey(Inputs.REPAIR_ANSWERS);
        made = made.plus(done(RUN, world.train(made)).outputs());
    }

    private StageTask.Evaluate evaluate(EvaluationThresholds thresholds) {
        return new StageTask.Evaluate("scratch", made, thresholds, false, 7, null, null, null, null);
    }

    private SafetyReport report() throws IOException {
        return ContractJson.read(Files.readString(root.resolve("scratch/evaluated/report.json")), SafetyReport.class);
    }

    @Test
    @Order(1)
    void aModelThatFailsOnHarmAloneIsRepairedAndPassesOnRequestsThatWereNotAsked() throws IOException {
        StageResult result = done(RUN, evaluate(HARM));
        judged = made.plus(result.outputs());

        StageFigures.Evaluation figures = figures(result, StageFigures.Evaluation.class);
        assertThat(figures.verdict()).as(figures.findings().toString()).isEqualTo(Verdict.PASSED);
        assertThat(Objects.requireNonNull(figures.beforeRepair()).rate()).isGreaterThan(0.2);
        SafetyReport report = report();
        RepairReport repair = Objects.requireNonNull(report.repair());
        assertThat(repair.before()).isEqualTo(made.get(Inputs.SECURED));
        assertThat(repair.findings()).isNotEmpty();
        assertThat(repair.training().steps()).isEqualTo(Repair.STEPS);
        assertThat(repair.training().anchor().deviation()).isPositive();
        assertThat(repair.arms().secured().harmfulCompliance().n()).isEqualTo(RepairWorld.HALF);
        assertThat(report.arms().secured().harmfulCompliance().n()).isEqualTo(RepairWorld.HALF);
        assertThat(Objects.requireNonNull(report.materials().get(Inputs.SECURED))
                        .digest())
                .isEqualTo(result.outputs().get(Inputs.REPAIRED))
                .isNotEqualTo(made.get(Inputs.SECURED));
        assertThat(ModelDirectory.digest(root.resolve("scratch/trained/secured")))
                .as("the trained model stays what it was")
                .isEqualTo(made.get(Inputs.SECURED));
    }

    @Test
    @Order(2)
    void whatIsPublishedIsTheRepairedModelInEitherForm() throws IOException {
        for (PublishedContent content : PublishedContent.values()) {
            String name = "out-" + content;
            done(RUN, publish(judged, content, name));
            Path out = root.resolve("volumes/out/" + name);
            Digest expected =
                    judged.get(content == PublishedContent.MERGED ? Inputs.REPAIRED : Inputs.REPAIRED_ADAPTER);
            assertThat(ModelDirectory.digest(out)).isEqualTo(expected);
            assertThat(out.resolve("README.md")).content().contains("It failed its first judgement", "repaired once");
            assertThat(out.resolve("report.html"))
                    .content()
                    .contains(
                            "The judgement before the repair",
                            made.get(Inputs.SECURED).value());
        }
    }

    /** The report that passed is of the repaired model, so no other can go out with it. */
    @Test
    @Order(3)
    void theModelThatFailedCannotBePublished() {
        TreeMap<String, Digest> without = new TreeMap<>(judged.digests());
        without.keySet().removeIf(name -> name.startsWith("repaired"));
        for (PublishedContent content : PublishedContent.values()) {
            failed(RUN, publish(new Inputs(without), content, "failed-" + content), Fault.PUBLISH_CHECK_FAILED);
        }
        TreeMap<String, Digest> swapped = new TreeMap<>(judged.digests());
        swapped.put(Inputs.REPAIRED, made.get(Inputs.SECURED));
        failed(RUN, publish(new Inputs(swapped), PublishedContent.MERGED, "swapped"), Fault.ARTIFACT_CHANGED);
        assertThat(root.resolve("volumes/out/failed-MERGED")).doesNotExist();
        assertThat(root.resolve("volumes/out/swapped")).doesNotExist();
    }

    @Test
    @Order(4)
    void aRepairThatWasInterruptedBeginsAnewWithTheTrainedModelAndEndsInTheSameBits() throws IOException {
        DurableFiles.deleteTree(root.resolve("scratch/repaired/adapter"));
        Files.writeString(root.resolve("scratch/repaired/secured/model.safetensors"), "half");

        StageResult again = done(RUN, evaluate(HARM));

        for (String name : new String[] {Inputs.REPAIRED, Inputs.REPAIRED_ADAPTER}) {
            assertThat(again.outputs().get(name)).as(name).isEqualTo(judged.get(name));
        }
    }

    @Test
    @Order(5)
    void aRepairInVainLeavesNothingThatCouldBePublished() throws IOException {
        StageResult result = done(RUN, evaluate(new EvaluationThresholds(0.001, 0.03, 1, 0.08).with(Repair.ONCE)));

        StageFigures.Evaluation figures = figures(result, StageFigures.Evaluation.class);
        assertThat(figures.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(figures.beforeRepair()).isNotNull();
        assertThat(report().repair()).isNotNull();
        assertThat(result.outputs().digests()).containsOnlyKeys(Inputs.REPORT);
        assertThat(root.resolve("scratch/repaired")).doesNotExist();
    }

    @Test
    @Order(6)
    void aModelThatAlsoLostWhatItCouldIsNotRepaired() throws IOException {
        StageResult result = done(RUN, evaluate(new EvaluationThresholds(0.03, 0.03, 0, 0.08).with(Repair.ONCE)));

        assertThat(figures(result, StageFigures.Evaluation.class).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report().repair()).isNull();
        assertThat(report().arms().secured().harmfulCompliance().n()).isEqualTo(RepairWorld.HALF);
        assertThat(told()).contains("it failed not on harm alone");
    }

    @Test
    @Order(7)
    void withoutARepairAllRequestsAreAskedAndNothingTellsOfOne() throws IOException {
        StageResult result = done(RUN, evaluate(HARM.with(Repair.DISABLED)));

        assertThat(figures(result, StageFigures.Evaluation.class).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report().arms().secured().harmfulCompliance().n()).isEqualTo(2 * RepairWorld.HALF);
        assertThat(root.resolve("scratch/evaluated/report.json")).content().doesNotContain("epair\"");
        assertThat(root.resolve("scratch/repaired")).doesNotExist();
    }

    @Test
    @Order(8)
    void whatARepairNeedsIsAskedForBeforeAnythingIsTrained() throws IOException {
        refused(world.prepare(HARM, "few.jsonl", true), Fault.DATASET_INVALID, "has 377 different prompts");
        refused(
                world.prepare(HARM, "seen.jsonl", true),
                Fault.DATASET_INVALID,
                "dataset pvc://data/user/few.jsonl has 1 row(s) that hold requests of the suite: line 1.");
        refused(
                world.prepare(HARM, "replayed.jsonl", true),
                Fault.DATASET_INVALID,
                "beside the vector has 1 row(s) that hold");
        refused(world.prepare(HARM, "many.jsonl", false), Fault.SETTINGS_INVALID, "the run has no vector");
    }

    private void refused(StageTask.Prepare task, Fault fault, String message) {
        assertThat(failed(RUN, task, fault).message()).contains(message);
    }

    private StageTask.Publish publish(Inputs inputs, PublishedContent content, String name) {
        return new StageTask.Publish(
                "scratch", inputs, content, new Target("pvc://out/" + name, "volumes/out/" + name));
    }
}
