package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.LENIENT;
import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static dev.safefinetune.trainer.pipeline.SmallWorld.VECTOR_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.publish.VectorAbsence;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** All eight stages in order, as the operator would call them; then what each does when something is wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelineTest extends StageHarness {
    private Inputs made = Inputs.of(new TreeMap<>());
    private Inputs vectorMade = Inputs.of(new TreeMap<>());
    private VectorInput vector = new VectorInput(
            new Source("pvc://vectors/sv", "volumes/vectors/sv"),
            digestOf("a"),
            digestOf("b"),
            1,
            0.0,
            null,
            null,
            null);

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.write(root);
    }

    @Test
    @Order(1)
    void aVectorIsPreparedTrainedAssessedAndStored() {
        vectorMade = done(VECTOR_RUN, SmallWorld.prepareVector()).outputs();
        assertThat(vectorMade.digests())
                .containsOnlyKeys(Inputs.MODEL, Inputs.HARMFUL, Inputs.HELD_OUT, Inputs.BENIGN, Inputs.SOURCES);
        StageTask.PrepareVector prepared = SmallWorld.prepareVector();
        vectorMade = vectorMade.plus(done(
                        VECTOR_RUN,
                        new StageTask.TrainVector(
                                "scratch-sv", vectorMade, prepared.training(), SmallWorld.CHECKPOINTING))
                .outputs());
        StageResult assessed = done(VECTOR_RUN, new StageTask.Assess("scratch-sv", vectorMade, LENIENT, 7));
        vectorMade = vectorMade.plus(assessed.outputs());
        StageFigures.Readiness readiness = figures(assessed, StageFigures.Readiness.class);
        assertThat(readiness.verdict()).as(readiness.findings().toString()).isEqualTo(Verdict.PASSED);
        assertThat(readiness.randomExplained())
                .as("a random vector explains little")
                .isLessThan(readiness.categories().firstEntry().getValue().explained() / 2);
        done(VECTOR_RUN, new StageTask.Store("scratch-sv", vectorMade, prepared.storage()));
        Path stored = root.resolve("volumes/vectors/sv");
        AtomicDirectory.verify(stored);
        assertThat(ModelDirectory.digest(stored)).isEqualTo(vectorMade.get(Inputs.VECTOR));
        assertThat(baseOf(stored)).isEqualTo("pvc://models/base");
        vector = new VectorInput(
                new Source("pvc://vectors/sv", "volumes/vectors/sv"),
                vectorMade.get(Inputs.VECTOR),
                vectorMade.get(Inputs.MODEL),
                readiness.gateDrop() == null ? 1 : readiness.gateDrop(),
                readiness.gateShare(),
                vectorMade.get(Inputs.REPLAY),
                null,
                null);
    }

    @Test
    @Order(2)
    void aModelIsPreparedTrainedJudgedAndPublished() throws IOException {
        StageResult prepared = done(RUN, SmallWorld.prepare(vector));
        made = prepared.outputs();
        StageFigures.Data data = figures(prepared, StageFigures.Data.class);
        assertThat(data.samples()).isGreaterThan(100);
        assertThat(data.plannedBytes()).isPositive();

        StageResult trained = done(RUN, SmallWorld.train(made, vector, Gate.CALIBRATED, ScreeningAction.REPORT, true));
        made = made.plus(trained.outputs());
        StageFigures.Training training = figures(trained, StageFigures.Training.class);
        assertThat(training.scanned()).isGreaterThan(100);

        StageResult evaluated = done(RUN, evaluate(made, true));
        made = made.plus(evaluated.outputs());

        assertThat(made.digests()).containsKeys(Inputs.SHAPES, Inputs.DROP_SHAPES);
        StageResult published = done(RUN, publish(PublishedContent.MERGED, "merged"));
        Path out = root.resolve("volumes/out/merged");
        AtomicDirectory.verify(out);
        ModelDirectory.inspect(out);
        StageFigures.Publication publication = figures(published, StageFigures.Publication.class);
        assertThat(ModelDirectory.digest(out)).isEqualTo(publication.digest()).isEqualTo(made.get(Inputs.SECURED));
        SafetyReport report = ContractJson.read(Files.readString(out.resolve("report.json")), SafetyReport.class);
        assertThat(report.published()).isNotNull();
        assertThat(Objects.requireNonNull(report.materials().get(Inputs.MODEL)).uri())
                .isEqualTo("pvc://models/base");
        assertThat(report.training()).isNotNull();
        assertThat(report.arms().forms()).isNotEmpty();
        assertThat(Objects.requireNonNull(report.materials().get(Inputs.VECTOR)).uri())
                .isEqualTo("pvc://vectors/sv");
        assertThat(out.resolve("README.md")).content().contains("with a security vector attached and frozen");
        assertThat(out.resolve("README.md")).content().contains("pvc://models/base");
        assertThat(Digests.ofFile(out.resolve("report.json"))).isEqualTo(publication.reportDigest());
    }

    @Test
    @Order(3)
    void anAdapterIsPublishedToo() {
        done(RUN, publish(PublishedContent.ADAPTER, "adapter"));
        Path out = root.resolve("volumes/out/adapter");
        AtomicDirectory.verify(out);
        assertThat(Digests.files(out))
                .containsExactly(
                        "README.md",
                        "adapter_config.json",
                        "adapter_model.safetensors",
                        AtomicDirectory.MANIFEST,
                        "model.cdx.json",
                        "report.html",
                        "report.json",
                        "tokenizer.json",
                        "tokenizer_config.json");
        assertThat(baseOf(out)).isEqualTo("pvc://models/base");
    }

    private static String baseOf(Path adapter) {
        return ModelDirectory.readObject(adapter.resolve(ModelDirectory.ADAPTER_CONFIG))
                .path("base_model_name_or_path")
                .asText();
    }

    @Test
    @Order(4)
    void theVectorIsNowhereOnTheRunsVolumeAndNothingOfTheDataIsInTheLogs() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("scratch"))) {
            assertThat(files.map(Path::toString)).noneMatch(f -> f.contains("vector"));
        }
        String told = told();
        assertThat(told).contains("stage=Train").contains("arm=secured");
        String row = Files.readAllLines(root.resolve("volumes/data/user/mixed.jsonl"))
                .getFirst();
        String answer =
                new ObjectMapper().readTree(row).at("/messages/1/content").asText();
        assertThat(answer).isNotBlank();
        assertThat(told).doesNotContain(answer);
    }

    @Test
    @Order(5)
    void theSameTrainingAgainGivesTheSameModel() {
        StageResult again = done(RUN, SmallWorld.train(made, vector, Gate.CALIBRATED, ScreeningAction.REPORT, false));
        assertThat(again.outputs().get(Inputs.SECURED)).isEqualTo(made.get(Inputs.SECURED));
        // The record knows its seconds, so the evaluation of the first one does not count for it any more.
        made = made.plus(again.outputs());
        made = made.plus(done(RUN, evaluate(made, false)).outputs());
    }

    @Test
    @Order(6)
    void screeningBlocksOrDropsWhatTheVectorExplains() {
        StageResult blocked = failed(
                RUN,
                SmallWorld.train(made, vector, Gate.fixed(1e-6), ScreeningAction.BLOCK, false),
                Fault.DATASET_BLOCKED);
        assertThat(blocked.message()).contains("probably harmful");
        Inputs before = made;
        done(RUN, SmallWorld.train(made, vector, Gate.fixed(0.05), ScreeningAction.DROP, false));
        // Puts back what the other tests judge and publish.
        StageResult again = done(RUN, SmallWorld.train(made, vector, Gate.CALIBRATED, ScreeningAction.REPORT, false));
        made = before.plus(again.outputs());
        made = made.plus(done(RUN, evaluate(made, false)).outputs());
    }

    @Test
    @Order(7)
    void aVectorForAnotherBaseIsRefusedBeforeTraining() {
        VectorInput other = new VectorInput(
                vector.source(), vector.digest(), digestOf("other"), vector.gateDrop(), null, null, null, null);
        StageResult result = failed(RUN, prepareElsewhere(other), Fault.VECTOR_MISMATCH);
        assertThat(result.message()).contains("pvc://vectors/sv").contains("was trained for the base model");
        VectorInput changed = new VectorInput(
                vector.source(), digestOf("x"), vector.baseDigest(), vector.gateDrop(), null, null, null, null);
        assertThat(failed(RUN, prepareElsewhere(changed), Fault.VECTOR_MISMATCH).message())
                .contains("its resource states");
        VectorInput missing = new VectorInput(
                new Source("pvc://vectors/none", "volumes/vectors/none"),
                vector.digest(),
                vector.baseDigest(),
                vector.gateDrop(),
                null,
                null,
                null,
                null);
        failed(RUN, prepareElsewhere(missing), Fault.VECTOR_MISMATCH);
    }

    @Test
    @Order(8)
    void aChangedArtifactEndsTheRun() throws IOException {
        Path file = root.resolve("scratch/prepared/dataset.jsonl");
        String before = Files.readString(file);
        Files.writeString(file, before.substring(0, before.length() - 2));
        StageResult result = failed(
                RUN,
                SmallWorld.train(made, vector, Gate.CALIBRATED, ScreeningAction.REPORT, false),
                Fault.ARTIFACT_CHANGED);
        assertThat(result.message()).contains("dataset has digest");
        Files.writeString(file, before);
    }

    @Test
    @Order(9)
    void anEvaluationThatCannotBeMadeIsNotVerified() throws IOException {
        Path file = root.resolve("scratch/prepared/prompts.jsonl");
        String before = Files.readString(file);
        Files.writeString(file, before.replaceAll("\"category\":\"[^\"]*\",", ""));
        Inputs changed = made.plus(Inputs.of(java.util.Map.of(Inputs.PROMPTS, Digests.ofFile(file))));
        failed(RUN, evaluate(changed, false), Fault.NOT_VERIFIED);
        Files.writeString(file, before);
    }

    @Test
    @Order(12)
    void mergingTheVectorInIsNoticed() {
        Path base = root.resolve("scratch/prepared/model");
        Path stored = root.resolve("volumes/vectors/sv");
        Path poisoned = root.resolve("poisoned");
        try (CausalModel model = CausalModel.load(base);
                var adapter = Adapter.read(model, stored)) {
            AtomicDirectory.write(poisoned, d -> MergedModelWriter.write(base, model, adapter, d));
        }
        assertThat(VectorAbsence.share(base, poisoned, stored))
                .as("all of the vector is in it")
                .isBetween(0.999, 1.001);
        assertThat(VectorAbsence.share(base, root.resolve("scratch/trained/secured"), stored))
                .as("none of it is")
                .isBetween(-0.3, 0.3);
    }

    private StageTask prepareElsewhere(VectorInput other) {
        StageTask.Prepare p = SmallWorld.prepare(other);
        DurableFiles.deleteTree(root.resolve("scratch2"));
        return new StageTask.Prepare(
                "scratch2",
                p.model(),
                p.dataset(),
                p.validationPercent(),
                p.cooldown(),
                p.prompts(),
                p.utility(),
                other,
                p.fineTuning(),
                p.output(),
                null,
                DatasetFormat.MESSAGES,
                null,
                null);
    }

    private StageTask.Publish publish(PublishedContent content, String name) {
        return new StageTask.Publish("scratch", made, content, new Target("pvc://out/" + name, "volumes/out/" + name));
    }
}
