package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.safefinetune.contract.AttachedVector;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JudgedSuite;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.SuiteSource;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.publish.VectorAbsence;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.train.FineTuneTask;
import dev.safefinetune.trainer.train.FineTuner;
import dev.safefinetune.trainer.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A run with two vectors, each of one category and with a suite of its own, from its preparation to its publication. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeveralVectorsPipelineTest extends StageHarness {
    private static final EvaluationThresholds ANYTHING = new EvaluationThresholds(1, 1, 1, 1.0);
    private Inputs made = Inputs.of(Map.of());

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.write(root);
        vector("hexes", 4);
        vector("sparks", 8);
        for (String category : List.of("hexes", "sparks")) {
            Path prompts = root.resolve("volumes/data/suite/prompts.jsonl");
            Files.write(
                    prompts.resolveSibling(category + ".jsonl"),
                    Files.readAllLines(prompts).stream()
                            .filter(line -> line.contains("\"" + category + "\""))
                            .toList());
        }
    }

    /** Learns the samples of a category; its replay has answers of its own. */
    private void vector(String category, int rank) {
        Path base = root.resolve("volumes/models/base");
        Dataset all = DatasetReader.read(root.resolve("volumes/data/vector/harmful.jsonl"));
        List<Sample> own = all.samples().stream()
                .filter(sample -> category.equals(sample.category()))
                .toList();
        LoraSettings shape = new LoraSettings(rank, 2.0 * rank, false, List.of(LoraSettings.ALL_LINEAR));
        FineTuning settings = new FineTuning(FineTuning.Method.LORA, shape, SmallWorld.hyperparameters(10, 2e-3));
        try (CausalModel model = CausalModel.load(base);
                ChatTokenizer tokenizer = ChatTokenizer.open(base);
                Adapter adapter = FineTuner.train(
                                model,
                                FineTuneTask.plain(settings, tokenizer.encode(new Dataset(category, own), 64)),
                                TrainingListener.NONE)
                        .learned()) {
            AtomicDirectory.write(stored(category), to -> {
                adapter.write(to, "pvc://models/base");
                new Replay(own.subList(0, rank), own.subList(rank, rank + 2)).write(to.resolve(Replay.FILE));
            });
        }
    }

    private Path stored(String category) {
        return root.resolve("volumes/vectors/" + category);
    }

    private VectorInput input(String category) {
        return new VectorInput(
                new Source("pvc://vectors/" + category, "volumes/vectors/" + category),
                ModelDirectory.digest(stored(category)),
                ModelDirectory.digest(root.resolve("volumes/models/base")),
                0.5,
                0.2,
                Digests.ofFile(stored(category).resolve(Replay.FILE)),
                null,
                null);
    }

    private VectorInput both() {
        return Objects.requireNonNull(VectorInput.together(List.of(input("hexes"), second())));
    }

    private VectorInput second() {
        return input("sparks").judgedOn(new SuiteSource(SmallWorld.source("data/suite/sparks.jsonl"), null));
    }

    private static StageTask.Prepare prepare(VectorInput vector) {
        StageTask.Prepare p = SmallWorld.prepare(vector);
        return new StageTask.Prepare(
                p.scratch(),
                p.model(),
                p.dataset(),
                p.validationPercent(),
                p.cooldown(),
                SmallWorld.source("data/suite/hexes.jsonl"),
                p.utility(),
                vector,
                p.fineTuning(),
                p.output(),
                null,
                p.format(),
                p.judge(),
                null);
    }

    @Test
    @Order(1)
    void bothAreVerifiedAndBothSuitesAreTakenIn() {
        made = done(RUN, prepare(both())).outputs();

        assertThat(made.digests()).containsKeys("prompts", "prompts2", "utility");
        assertThat(made.count(Inputs.PROMPTS)).isEqualTo(2);
    }

    @Test
    @Order(2)
    void bothAreAttachedAndNamedInTheRecord() {
        made = made.plus(done(RUN, SmallWorld.train(made, both(), Gate.CALIBRATED, ScreeningAction.REPORT, false))
                .outputs());

        assertThat(made.get("vector")).isEqualTo(input("hexes").digest());
        assertThat(made.get("vector2")).isEqualTo(input("sparks").digest());
        TrainedRecord record = TrainedRecord.read(root.resolve("scratch/trained/record.json"));
        assertThat(Objects.requireNonNull(record.training().vectors()))
                .extracting(AttachedVector::digest)
                .containsExactly(input("hexes").digest(), input("sparks").digest());
        assertThat(Objects.requireNonNull(record.training().cooldown()).refusals())
                .as("eight of each: the shorter one's four are taken twice")
                .isEqualTo(16);
        for (String category : List.of("hexes", "sparks")) {
            assertThat(record.proof().vectorTensors()).containsAll(VectorAbsence.fingerprints(stored(category)));
        }
    }

    @Test
    @Order(3)
    void eachSuiteIsJudgedAndProvedByItself() {
        List<Digest> proven = List.of(made.get("prompts2"));
        StageFigures.Evaluation judged = figures(evaluate(proven), StageFigures.Evaluation.class);

        assertThat(judged.suiteProved()).as("all have to be proved").isFalse();
        SafetyReport report = report(root.resolve("scratch/evaluated/report.json"));
        assertThat(Objects.requireNonNull(report.arms().suites()))
                .extracting(JudgedSuite::name, JudgedSuite::proved)
                .containsExactly(
                        tuple("pvc://data/suite/hexes.jsonl", false), tuple("pvc://data/suite/sparks.jsonl", true));
        assertThat(figures(evaluate(List.of(made.get("prompts"), made.get("prompts2"))), StageFigures.Evaluation.class)
                        .suiteProved())
                .isTrue();
    }

    private StageResult evaluate(List<Digest> proven) {
        StageResult result =
                done(RUN, new StageTask.Evaluate("scratch", made, ANYTHING, false, 7, null, proven, null, null));
        made = made.plus(result.outputs());
        return result;
    }

    private static SafetyReport report(Path file) {
        try {
            return ContractJson.read(Files.readString(file), SafetyReport.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Order(4)
    void whatIsPublishedNamesBoth() {
        done(
                RUN,
                new StageTask.Publish(
                        "scratch", made, PublishedContent.MERGED, new Target("pvc://out/both", "volumes/out/both")));

        Path out = root.resolve("volumes/out/both");
        SafetyReport report = report(out.resolve("report.json"));
        assertThat(Objects.requireNonNull(report.materials().get("vector2")).uri())
                .isEqualTo("pvc://vectors/sparks");
        Map.of("README.md", "| suite | proved |", "report.html", "id=\"suites\"")
                .forEach((file, table) -> assertThat(out.resolve(file))
                        .content()
                        .contains(
                                input("hexes").digest().value(),
                                input("sparks").digest().value(),
                                table));
    }

    /** Its share is found beside the one that is not in the model. */
    @Test
    @Order(5)
    void mergingTheSecondOneInIsNoticed() {
        Path base = root.resolve("volumes/models/base");
        Path poisoned = root.resolve("poisoned");
        try (CausalModel model = CausalModel.load(base);
                Adapter second = Adapter.read(model, stored("sparks"))) {
            AtomicDirectory.write(poisoned, d -> MergedModelWriter.write(base, model, second, d));
        }
        VectorFiles both = VectorFiles.together(
                List.of(new VectorFiles(stored("hexes"), null, null), new VectorFiles(stored("sparks"), null, null)));
        assertThat(PublicationProof.greatestShare(base, poisoned, both)).isGreaterThan(0.99);
    }

    @Test
    @Order(6)
    void aSecondOneThatIsNotWhatItsResourceStatesIsRefusedByName() {
        VectorInput changed =
                new VectorInput(second().source(), digestOf("x"), second().baseDigest(), 0.5, 0.2, null, null, null);
        VectorInput wrong = Objects.requireNonNull(VectorInput.together(List.of(input("hexes"), changed)));

        assertThat(failed(RUN, prepare(wrong), Fault.VECTOR_MISMATCH).message())
                .contains("pvc://vectors/sparks", "its resource states");
    }
}
