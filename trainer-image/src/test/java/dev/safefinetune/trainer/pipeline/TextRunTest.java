package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.command.Commands;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A fine-tune on plain text through all stages, and what a vector can say of such data. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TextRunTest extends StageHarness {
    private static final EvaluationThresholds ANYTHING = new EvaluationThresholds(1, 1, 1, 1.0);

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.write(root);
        texts("user/mixed");
        texts("trusted/cooldown");
    }

    /** What the answers of a dataset say, as plain texts. */
    private void texts(String name) throws IOException {
        Dataset talk = DatasetReader.readConversations(root.resolve("volumes/data/" + name + ".jsonl"));
        StringBuilder rows = new StringBuilder();
        talk.samples().stream()
                .limit(60)
                .forEach(s -> rows.append("{\"text\":\"").append(s.answer()).append("\"}\n"));
        Files.writeString(root.resolve("volumes/data/" + name + "-text.jsonl"), rows);
    }

    private StageTask.Prepare prepare(String dataset, DatasetFormat format) {
        StageTask.Prepare p = SmallWorld.prepare(null);
        return new StageTask.Prepare(
                p.scratch(),
                p.model(),
                SmallWorld.source("data/" + dataset + ".jsonl"),
                5,
                SmallWorld.source("data/trusted/cooldown-text.jsonl"),
                p.prompts(),
                null,
                null,
                p.fineTuning(),
                p.output(),
                null,
                format,
                null,
                null);
    }

    @Test
    void aModelIsTrainedOnTextJudgedByTheSuiteAndPublished() throws IOException {
        var prepared = done(RUN, prepare("user/mixed-text", DatasetFormat.TEXT));
        StageFigures.Data data = figures(prepared, StageFigures.Data.class);
        assertThat(data.answerTokens())
                .as("all tokens but the first of each")
                .isEqualTo(data.tokens() - data.samples());
        assertThat(Files.readString(root.resolve("scratch/prepared/dataset.jsonl")))
                .startsWith("{\"text\":\"")
                .doesNotContain("messages");
        Inputs made = prepared.outputs();
        assertThat(failed(RUN, train(made, ScreeningAction.REPORT), Fault.SETTINGS_INVALID)
                        .message())
                .contains("a dataset of format Text cannot be judged by gate and screening");
        made = made.plus(done(RUN, train(made, ScreeningAction.OFF)).outputs());
        TrainingReport report =
                TrainedRecord.read(root.resolve("scratch/trained/record.json")).training();
        List<TrainingReport.Step> steps = report.secured().steps();
        assertThat(steps.getLast().loss()).isLessThan(steps.getFirst().loss());
        made = made.plus(done(RUN, new StageTask.Evaluate("scratch", made, ANYTHING, false, 7, null, null, null, null))
                .outputs());
        for (PublishedContent content : PublishedContent.values()) {
            Target out = new Target("pvc://out/" + content, "volumes/out/" + content);
            done(RUN, new StageTask.Publish("scratch", made, content, out));
            AtomicDirectory.verify(root.resolve(out.path()));
        }
    }

    private static StageTask.Train train(Inputs made, ScreeningAction screening) {
        return new StageTask.Train(
                "scratch",
                made,
                SmallWorld.fineTuning(),
                null,
                Gate.OFF,
                null,
                null,
                3,
                null,
                screening,
                false,
                SmallWorld.CHECKPOINTING);
    }

    @Test
    void rowsOfTheOtherFormatAreRefused() {
        assertThat(failed(RUN, prepare("user/mixed", DatasetFormat.TEXT), Fault.DATASET_INVALID)
                        .message())
                .contains("pvc://data/user/mixed.jsonl line 1 has no text");
        assertThat(failed(RUN, prepare("user/mixed-text", DatasetFormat.MESSAGES), Fault.DATASET_INVALID)
                        .message())
                .contains("pvc://data/user/mixed-text.jsonl line 1 has no messages, but text");
    }

    /** A suite asks, and a text is no request. */
    @Test
    void aSuiteOfTextsIsRefused() {
        StageTask.Prepare p = prepare("user/mixed-text", DatasetFormat.TEXT);
        StageTask.Prepare suite = new StageTask.Prepare(
                p.scratch(),
                p.model(),
                p.dataset(),
                5,
                null,
                p.dataset(),
                null,
                null,
                p.fineTuning(),
                p.output(),
                null,
                p.format(),
                null,
                null);
        assertThat(failed(RUN, suite, Fault.DATASET_INVALID).message())
                .contains("pvc://data/user/mixed-text.jsonl line 1 has no messages, but text");
    }

    @Test
    void gateAndScreeningAreRefusedForTexts() {
        for (Gate gate : List.of(Gate.CALIBRATED, Gate.fixed(1), Gate.OFF)) {
            for (ScreeningAction action : ScreeningAction.values()) {
                if (gate.mode() == Gate.Mode.OFF && action == ScreeningAction.OFF) {
                    continue;
                }
                assertThatThrownBy(() -> request(gate, action, DatasetFormat.TEXT))
                        .hasMessageContaining("a dataset of format Text cannot be judged by gate and screening");
                assertThat(request(gate, action, DatasetFormat.MESSAGES).gate()).isEqualTo(gate);
            }
        }
        assertThat(request(Gate.OFF, ScreeningAction.OFF, DatasetFormat.TEXT).cooldown())
                .isEqualTo(CooldownSettings.NONE);
    }

    private FineTuneRun.Request request(Gate gate, ScreeningAction action, DatasetFormat format) {
        List<EncodedSample> samples = List.of(EncodedSample.of(0, new int[] {1, 2}, new boolean[] {false, true}));
        return new FineTuneRun.Request(
                root,
                new VectorFiles(root, null, null),
                SmallWorld.fineTuning(),
                List.of(Device.CPU),
                gate,
                VectorScope.ALL_SAMPLES,
                null,
                action,
                CooldownSettings.NONE,
                new FineTuneRun.Data(samples, List.of(), List.of(), Replay.Encoded.NONE, format),
                Set.of());
    }

    /** By hand, with a vector that is on for all texts, and a cooldown of the user's own texts. */
    @Test
    void aVectorIsAttachedWhereGateAndScreeningAreOff(@TempDir Path directory) throws IOException {
        Path base = root.resolve("volumes/models/base");
        Path vector = directory.resolve("vector");
        try (CausalModel model = CausalModel.load(base);
                var like = dev.safefinetune.trainer.adapter.Adapter.create(model, SmallWorld.LORA, 3)) {
            AtomicDirectory.write(vector, d -> like.write(d, "base"));
        }
        Path data = root.resolve("volumes/data/user/mixed-text.jsonl");
        Path out = directory.resolve("out");
        String said = Commands.said(
                "fine-tune",
                "--model",
                base,
                "--dataset",
                data,
                "--format",
                "text",
                "--control-vector",
                vector,
                "--screening",
                "off",
                "--epochs",
                1,
                "--cooldown",
                root.resolve("volumes/data/trusted/cooldown-text.jsonl"),
                "--cooldown-steps",
                2,
                "--out",
                out);
        assertThat(said).contains("written out=").doesNotContain("screened");
        assertThat(Files.readString(out.resolve(ByHand.TRAINING))).contains("\"cooldown\":true");
    }
}
