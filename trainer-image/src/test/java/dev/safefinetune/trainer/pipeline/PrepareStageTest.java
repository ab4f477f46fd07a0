package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a user can get wrong, found before a GPU is held, and named by what they wrote. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrepareStageTest {
    private Path root = Path.of("");

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.writeUntrained(root);
    }

    @Test
    void whatIsRightPasses() {
        StageResult result = run(RUN, prepare("models/base", "data/user/mixed.jsonl", "out/x"));
        assertThat(result.fault()).as(result.message()).isNull();
    }

    @Test
    void aDatasetThatIsNotThere() {
        refused(dataset("data/none.jsonl"), Fault.DATASET_INVALID, "pvc://data/none.jsonl does not exist");
    }

    @Test
    void anEmptyDataset() throws IOException {
        Files.writeString(root.resolve("volumes/data/empty.jsonl"), "\n");
        refused(dataset("data/empty.jsonl"), Fault.DATASET_INVALID, "pvc://data/empty.jsonl is empty");
    }

    @Test
    void aDatasetThatIsNotJsonOnLine17() throws IOException {
        changed("broken.jsonl", 17, "{\"messages\": CANARY");
        refused(dataset("data/broken.jsonl"), Fault.DATASET_INVALID, "pvc://data/broken.jsonl line 17 is not JSON");
    }

    @Test
    void aRowWithoutAnAssistantTurn() throws IOException {
        changed("mute.jsonl", 5, "{\"messages\":[{\"role\":\"user\",\"content\":\"CANARY\"}]}");
        refused(dataset("data/mute.jsonl"), Fault.DATASET_INVALID, "mute.jsonl line 5 has no assistant turn");
    }

    @Test
    void aRowLongerThanTheModelsContext() throws IOException {
        changed(
                "long.jsonl",
                9,
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\""
                        + "CANARY ".repeat(100) + "\"}]}");
        refused(dataset("data/long.jsonl"), Fault.DATASET_INVALID, "long.jsonl line 9 has 105 tokens, the limit is 64");
    }

    @Test
    void aPromptWithoutACategory() {
        StageTask.Prepare good = prepare("models/base", "data/user/mixed.jsonl", "out/x");
        StageTask.Prepare bad = new StageTask.Prepare(
                good.scratch(),
                good.model(),
                good.dataset(),
                0,
                null,
                SmallWorld.source("data/user/mixed.jsonl"),
                null,
                null,
                good.fineTuning(),
                good.output(),
                null,
                DatasetFormat.MESSAGES,
                null,
                null);
        refused(bad, Fault.DATASET_INVALID, "category");
    }

    @Test
    void aModelWithoutATokenizer() throws IOException {
        model("mute", d -> Files.delete(d.resolve("tokenizer.json")));
        refused(model("mute"), Fault.MODEL_INVALID, "pvc://models/mute has no tokenizer.json");
    }

    @Test
    void aModelWithAPickleFile() throws IOException {
        model("pickled", d -> {
            Files.delete(d.resolve("model.safetensors"));
            Files.writeString(d.resolve("pytorch_model.bin"), "x");
        });
        refused(model("pickled"), Fault.MODEL_INVALID, "pvc://models/pickled holds pytorch_model.bin, a pickle file");
    }

    @Test
    void aModelWithATruncatedFile() throws IOException {
        model("cut", d -> {
            byte[] whole = Files.readAllBytes(d.resolve("model.safetensors"));
            Files.write(d.resolve("model.safetensors"), java.util.Arrays.copyOf(whole, whole.length / 2));
        });
        refused(model("cut"), Fault.MODEL_INVALID, "pvc://models/cut/model.safetensors is truncated");
    }

    @Test
    void aModelWithOverlappingTensors() throws IOException {
        byte[] header = ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}")
                .getBytes(StandardCharsets.UTF_8);
        model(
                "overlap",
                d -> Files.write(
                        d.resolve("model.safetensors"),
                        ByteBuffer.allocate(8 + header.length + 12)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(header.length)
                                .put(header)
                                .array()));
        refused(model("overlap"), Fault.MODEL_INVALID, "tensor b overlaps the one before it");
    }

    @Test
    void aModelOfAnotherArchitecture() throws IOException {
        model(
                "other",
                d -> Files.writeString(
                        d.resolve("config.json"),
                        Files.readString(d.resolve("config.json"))
                                .replace("LlamaForCausalLM", "MambaForCausalLM")
                                .replace("\"llama\"", "\"mamba\"")));
        refused(
                model("other"),
                Fault.MODEL_INVALID,
                "pvc://models/other/config.json: architectures is [\"MambaForCausalLM\"]");
    }

    @Test
    void aModelWithoutAChatTemplate() throws IOException {
        model("wordless", d -> Files.delete(d.resolve("tokenizer_config.json")));
        refused(model("wordless"), Fault.MODEL_INVALID, "has no chat template");
    }

    @Test
    void aTargetModuleThatTheModelDoesNotHave() {
        StageTask.Prepare good = prepare("models/base", "data/user/mixed.jsonl", "out/x");
        FineTuning wrong = new FineTuning(
                FineTuning.Method.LORA,
                new LoraSettings(8, 16, false, List.of("qkv_proj")),
                good.fineTuning().hyperparameters());
        refused(
                new StageTask.Prepare(
                        good.scratch(),
                        good.model(),
                        good.dataset(),
                        0,
                        null,
                        good.prompts(),
                        null,
                        null,
                        wrong,
                        good.output(),
                        null,
                        DatasetFormat.MESSAGES,
                        null,
                        null),
                Fault.SETTINGS_INVALID,
                "q_proj");
    }

    @Test
    void anOutputThatIsSomebodyElses() throws IOException {
        Files.createDirectories(root.resolve("volumes/out/thesis"));
        Files.writeString(root.resolve("volumes/out/thesis/chapter"), "precious");
        refused(
                prepare("models/base", "data/user/mixed.jsonl", "out/thesis"),
                Fault.OUTPUT_NOT_WRITABLE,
                "is not empty");
    }

    @Test
    void anOutputWhereAVectorLies() {
        AtomicDirectory.write(root.resolve("volumes/out/sv"), d -> DurableFiles.write(d.resolve("vector.json"), "{}"));
        refused(
                prepare("models/base", "data/user/mixed.jsonl", "out/sv"),
                Fault.OUTPUT_NOT_WRITABLE,
                "output pvc://out/sv holds a security vector, which a published model must not replace");
    }

    @Test
    void anOutputBelowAFile() throws IOException {
        Files.createDirectories(root.resolve("volumes/out"));
        Files.writeString(root.resolve("volumes/out/file"), "x");
        refused(
                prepare("models/base", "data/user/mixed.jsonl", "out/file/model"),
                Fault.OUTPUT_NOT_WRITABLE,
                "cannot be written");
    }

    @Test
    void aFullFineTuneOfMoreParametersThanItCanCount() {
        assertThatThrownBy(() -> PrepareStage.requireTrainable(FineTuning.Method.FULL, 1L << 31))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS_INVALID))
                .hasMessageContainingAll("2147483648 parameters", "at most 2147483647", "LoRA");
        PrepareStage.requireTrainable(FineTuning.Method.FULL, (1L << 31) - 1);
        PrepareStage.requireTrainable(FineTuning.Method.LORA, 1L << 40);
    }

    private void refused(StageTask task, Fault fault, String message) {
        StageResult result = run(RUN, task);
        assertThat(result.fault()).as(result.message()).isEqualTo(fault);
        assertThat(result.message())
                .contains(message)
                .doesNotContain("CANARY")
                .as("the pod's paths mean nothing to the user")
                .doesNotContain(root.toString());
        assertThat(fault.isUsers()).isTrue();
    }

    private StageTask.Prepare dataset(String path) {
        return prepare("models/base", path, "out/x");
    }

    private StageTask.Prepare model(String name) {
        return prepare("models/" + name, "data/user/mixed.jsonl", "out/x");
    }

    private interface Change {
        void apply(Path directory) throws IOException;
    }

    private void model(String name, Change change) throws IOException {
        Path copy = Files.createDirectories(root.resolve("volumes/models").resolve(name));
        Path base = root.resolve("volumes/models/base");
        for (String file : dev.safefinetune.trainer.store.Digests.files(base)) {
            Files.copy(base.resolve(file), copy.resolve(file));
        }
        change.apply(copy);
    }

    private void changed(String name, int line, String row) throws IOException {
        List<String> rows = new java.util.ArrayList<>(Files.readAllLines(root.resolve("volumes/data/user/mixed.jsonl"))
                .subList(0, 30));
        rows.set(line - 1, row);
        Files.write(root.resolve("volumes/data").resolve(name), rows);
    }

    private StageTask.Prepare prepare(String model, String dataset, String output) {
        StageTask.Prepare p = SmallWorld.prepare(null);
        return new StageTask.Prepare(
                "scratch",
                SmallWorld.source(model),
                SmallWorld.source(dataset),
                5,
                p.cooldown(),
                p.prompts(),
                p.utility(),
                null,
                p.fineTuning(),
                new Target("pvc://" + output, "volumes/" + output),
                null,
                DatasetFormat.MESSAGES,
                null,
                null);
    }

    private StageResult run(RunIdentity run, StageTask task) {
        EventLog log = new EventLog(new PrintStream(OutputStream.nullOutputStream()), Clock.systemUTC());
        return new StageRunner(root, log, Clock.systemUTC(), new Interruption())
                .run(new JobSpec(JobSpec.VERSION, run, task, null));
    }
}
