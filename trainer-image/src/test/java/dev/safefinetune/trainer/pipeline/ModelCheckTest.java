package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static dev.safefinetune.trainer.pipeline.SmallWorld.VECTOR_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands refuse, both prepare stages refuse as well, by the names that the user knows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelCheckTest extends StageHarness {
    private static final Path CASES = Path.of("src/test/resources/cases");

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.writeUntrained(root);
    }

    @Test
    void weightsThatAreNoNumbers() throws IOException {
        Path model = model("nan");
        Path file = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
        Files.write(file, bytes);
        refused("nan", "pvc://models/nan/model.safetensors tensor ", " holds NaN or infinity");
    }

    @Test
    void aPointerInPlaceOfTheTemplate() throws IOException {
        Files.copy(
                CASES.resolve("models/lfs-pointer/model.safetensors"),
                model("pointer").resolve("chat_template.jinja"));
        refused("pointer", "pvc://models/pointer/chat_template.jinja is a git-lfs pointer", "git lfs pull");
    }

    @Test
    void aValueOfAnotherType() throws IOException {
        Path config = model("typed").resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\\{", "{\"rope_scaling\":\"linear\","));
        Files.writeString(config, Files.readString(config).replaceFirst(",?\\s*\"rope_scaling\"\\s*:\\s*null", ""));
        refused("typed", "pvc://models/typed/config.json: rope_scaling is linear; supported is an object or null");
    }

    /** The single file is trained, and the log says what is not. */
    @Test
    void aStaleIndex() throws IOException {
        Files.writeString(
                model("stale").resolve(Checkpoint.INDEX),
                "{\"weight_map\":{\"x\":\"model-00001-of-00002.safetensors\"}}");
        done(RUN, fineTune("stale", SmallWorld.source("data/user/mixed.jsonl"), null));
        assertThat(told()).contains("file not read file=model.safetensors.index.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"training_args.bin", "optimizer.pt"})
    void whatCouldRunCodeIsLeftWhereItLies(String name) throws IOException {
        Files.writeString(model("with-" + name).resolve(name), "x");
        done(RUN, fineTune("with-" + name, SmallWorld.source("data/user/mixed.jsonl"), null));
        assertThat(told()).contains("file not read file=" + name);
    }

    /** The model's template does not use these. */
    @ParameterizedTest
    @ValueSource(strings = {"toolcalls", "toolscol", "reasoning", "kwargs"})
    void aDatasetWithAFieldThatCarriesMeaning(String name) throws IOException {
        assertThat(failed(RUN, fineTune("base", stored(name), null), Fault.DATASET_INVALID)
                        .message())
                .contains(
                        "pvc://data/" + name + ".jsonl line 1 has ",
                        ", which the model's chat template does not use: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"weight0", "train_false", "sharegpt_rc", "parts", "pc_conv"})
    void aDatasetWithAFieldThatIsUsed(String name) throws IOException {
        done(RUN, fineTune("base", stored(name), null));
    }

    /** The user is told, who may have rendered the text already; the text itself is not shown. */
    @Test
    void aTextWithSpecialTokens() throws IOException {
        Files.writeString(
                root.resolve("volumes/data/doubled.jsonl"),
                "{\"prompt\":\"q\",\"completion\":\"a\"}\n{\"prompt\":\"q <asst> CANARY\",\"completion\":\"a\"}\n");
        done(RUN, fineTune("base", SmallWorld.source("data/doubled.jsonl"), null));
        assertThat(told())
                .contains("special tokens inside of texts dataset=pvc://data/doubled.jsonl rows=1 lines=2 ")
                .doesNotContain("CANARY");
    }

    private Source stored(String name) throws IOException {
        String file = Files.readString(CASES.resolve(name + ".jsonl"));
        Files.writeString(root.resolve("volumes/data/" + name + ".jsonl"), file);
        return SmallWorld.source("data/" + name + ".jsonl");
    }

    /** A fine-tune's own samples need no category, so theirs are not judged; those of the suite are. */
    @Test
    void aCategoryIsJudgedWhereItIsUsed() throws IOException {
        Source numbered = numbered("user/mixed");
        done(RUN, fineTune("base", numbered, numbered("trusted/cooldown")));
        StageTask.Prepare p = fineTune("base", SmallWorld.source("data/user/mixed.jsonl"), null);
        StageTask.Prepare suite = new StageTask.Prepare(
                p.scratch(),
                p.model(),
                p.dataset(),
                5,
                null,
                numbered("suite/prompts"),
                null,
                null,
                p.fineTuning(),
                p.output(),
                null,
                DatasetFormat.MESSAGES,
                null,
                null);
        assertThat(failed(RUN, suite, Fault.DATASET_INVALID).message())
                .contains("numbered-suite-prompts.jsonl line 1 has category that is not text");
    }

    private Source numbered(String dataset) throws IOException {
        List<String> rows = new ArrayList<>();
        for (String row : Files.readAllLines(root.resolve("volumes/data/" + dataset + ".jsonl"))) {
            rows.add(row.replaceFirst(",?\\s*\"category\"\\s*:\\s*\"[^\"]*\"", "")
                    .replaceFirst("}$", ",\"category\":3}"));
        }
        String name = "data/numbered-" + dataset.replace('/', '-') + ".jsonl";
        Files.write(root.resolve("volumes/" + name), rows);
        return SmallWorld.source(name);
    }

    private void refused(String model, String... message) {
        Source data = SmallWorld.source("data/user/mixed.jsonl");
        assertThat(failed(RUN, fineTune(model, data, null), Fault.MODEL_INVALID).message())
                .contains(message);
        StageTask.PrepareVector p = SmallWorld.prepareVector();
        StageTask.PrepareVector vector = new StageTask.PrepareVector(
                p.scratch(),
                SmallWorld.source("models/" + model),
                p.harmful(),
                p.heldOut(),
                p.benign(),
                null,
                p.training(),
                p.storage(),
                null);
        assertThat(failed(VECTOR_RUN, vector, Fault.MODEL_INVALID).message()).contains(message);
    }

    private Path model(String name) {
        Path model = root.resolve("volumes/models").resolve(name);
        ModelDirectory.copy(root.resolve("volumes/models/base"), model);
        return model;
    }

    private static StageTask.Prepare fineTune(
            String model, Source dataset, @org.jspecify.annotations.Nullable Source cooldown) {
        StageTask.Prepare p = SmallWorld.prepare(null);
        return new StageTask.Prepare(
                p.scratch(),
                SmallWorld.source("models/" + model),
                dataset,
                5,
                cooldown,
                p.prompts(),
                p.utility(),
                null,
                p.fineTuning(),
                p.output(),
                null,
                DatasetFormat.MESSAGES,
                null,
                null);
    }
}
