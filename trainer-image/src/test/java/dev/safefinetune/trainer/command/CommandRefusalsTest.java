package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is wrong with a model or a dataset is said by every command, before it has done any work. */
class CommandRefusalsTest {
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final String GOOD = "good.jsonl";
    private static final String BEYOND = "usetool2.jsonl";

    @TempDir
    Path dir;

    private final StringWriter err = new StringWriter();

    /** Every command that reads a model, by which of its files stand for {@code MODEL}, {@code GOOD} and {@code BAD}. */
    private static final List<String> COMMANDS = List.of(
            "score --model MODEL --dataset BAD --out OUT",
            "generate --model MODEL --dataset BAD --out OUT",
            "inspect --model MODEL --texts TEXTS --logits 2 --out OUT",
            "evaluate --base MODEL --model GOODMODEL --prompts BAD --out OUT",
            "evaluate --base GOODMODEL --model MODEL --prompts BAD --out OUT",
            "evaluate --base GOODMODEL --model GOODMODEL --plain MODEL --prompts BAD --out OUT",
            "evaluate --base MODEL --model GOODMODEL --prompts GOOD --utility BAD --out OUT",
            "train-vector --model MODEL --harmful BAD --held-out GOOD --benign GOOD --out OUT",
            "train-vector --model MODEL --harmful GOOD --held-out BAD --benign GOOD --out OUT",
            "train-vector --model MODEL --harmful GOOD --held-out GOOD --benign BAD --out OUT",
            "fine-tune --model MODEL --dataset BAD --out OUT",
            "fine-tune --model MODEL --dataset GOOD --cooldown BAD --out OUT",
            "fine-tune --model MODEL --dataset BAD --validation-percent 50 --out OUT");

    static Stream<String> commands() {
        return COMMANDS.stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aTokenBeyondTheEmbeddingsByFileAndLine(String command) throws IOException {
        Path model = model();
        addToken(model);
        assertThat(execute(command, model)).as(err.toString()).isEqualTo(Fault.DATASET_INVALID.exitCode());
        assertThat(err.toString())
                .contains((command.contains("inspect") ? "texts.jsonl" : "bad.jsonl")
                        + " line 2 has token id 500, the model's vocabulary ends before 500");
        assertThat(dir.resolve("out")).doesNotExist();
    }

    @Test
    void pretrainNamesItAsWell() throws IOException {
        Path model = model();
        addToken(model);
        assertThat(execute("pretrain --model MODEL --dataset BAD --out OUT", model))
                .isEqualTo(Fault.DATASET_INVALID.exitCode());
        assertThat(err.toString()).contains("bad.jsonl line 2 has token id 500");
    }

    static Stream<Arguments> commandsWithBits() {
        return Stream.concat(COMMANDS.stream(), Stream.of("random-vector --model MODEL --vector NONE --out OUT"))
                .flatMap(c -> Stream.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)
                        .map(f -> Arguments.of(c, f)));
    }

    @ParameterizedTest
    @MethodSource("commandsWithBits")
    void weightsThatAreNoNumbers(String command, float weight) throws IOException {
        Path model = model();
        Path file = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 8, weight);
        Files.write(file, bytes);
        assertThat(execute(command, model)).as(err.toString()).isEqualTo(Fault.MODEL_INVALID.exitCode());
        assertThat(err.toString()).contains("model.safetensors tensor ", " holds NaN or infinity");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aPointerInPlaceOfTheWeights(String command) throws IOException {
        Path model = model();
        Files.copy(
                CASES.resolve("models/lfs-pointer/model.safetensors"),
                model.resolve("model.safetensors"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(execute(command, model)).as(err.toString()).isEqualTo(Fault.MODEL_INVALID.exitCode());
        assertThat(err.toString()).contains("model.safetensors is a git-lfs pointer", "git lfs pull");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat_template.jinja", "tokenizer.json", "tokenizer_config.json", "config.json"})
    void aPointerInPlaceOfAnyOtherFile(String name) throws IOException {
        Path model = model();
        Files.copy(
                CASES.resolve("models/lfs-pointer/model.safetensors"),
                model.resolve(name),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        for (String command : List.of(
                "score --model MODEL --dataset GOOD --out OUT",
                "inspect --model MODEL --texts TEXTS --out OUT",
                "pretrain --model MODEL --dataset GOOD --out OUT")) {
            assertThat(execute(command, model)).as(err.toString()).isEqualTo(Fault.MODEL_INVALID.exitCode());
        }
        assertThat(err.toString()).contains(name + " is a git-lfs pointer");
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, -1, 51, 60, 100})
    void aValidationShareThatTheResourceDoesNotAllow(int percent) throws IOException {
        assertThat(execute(
                        "fine-tune --model MODEL --dataset GOOD --validation-percent " + percent + " --out OUT",
                        model()))
                .isEqualTo(Fault.SETTINGS_INVALID.exitCode());
        assertThat(err.toString()).contains("--validation-percent must be in 0..50, was " + percent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-0.001", "NaN", "Infinity", "-Infinity"})
    void aWeightOfAnAnchorThatIsNone(String weight) throws IOException {
        assertThat(execute("fine-tune --model MODEL --dataset GOOD --anchor-weight " + weight + " --out OUT", model()))
                .isEqualTo(Fault.SETTINGS_INVALID.exitCode());
        assertThat(err.toString())
                .contains("--anchor-weight must be 0 for no anchor or a finite number above it, was ")
                .containsPattern("was " + weight);
    }

    /** A vector's requests are what an anchor holds; a control vector has none beside it. */
    @ParameterizedTest
    @ValueSource(strings = {"", " --control-vector MODEL"})
    void anAnchorWithoutAVector(String control) throws IOException {
        assertThat(execute(
                        "fine-tune --model MODEL --dataset GOOD" + control + " --anchor-weight 1 --out OUT", model()))
                .isEqualTo(Fault.SETTINGS_INVALID.exitCode());
        assertThat(err.toString()).contains("--anchor-weight needs --vector");
    }

    @Test
    void weightsThatAreNotReadAreSaid() throws IOException {
        Path model = model();
        Files.writeString(
                model.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"lm_head.weight\":\"model-00001-of-00002.safetensors\"}}");
        assertThat(Commands.said(
                        "score", "--model", model, "--dataset", dir.resolve(GOOD), "--out", dir.resolve("out")))
                .contains("file not read file=model.safetensors.index.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"training_args.bin", "optimizer.pt", "pytorch_model.bin"})
    void whatCouldRunCodeIsNotReadAndSaid(String name) throws IOException {
        Path model = model();
        Files.writeString(model.resolve(name), "CANARY");
        assertThat(Commands.said(
                        "score", "--model", model, "--dataset", dir.resolve(GOOD), "--out", dir.resolve("out")))
                .contains("file not read file=" + name + " reason=\"it is a pickle file, which can run code\"");
        Files.delete(model.resolve("model.safetensors"));
        assertThat(execute("score --model MODEL --dataset GOOD --out OUT", model))
                .isEqualTo(Fault.MODEL_INVALID.exitCode());
        assertThat(err.toString())
                .contains("holds " + name + ", a pickle file, which can run code, and no safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967296", "2147483648", "-1", "1.5"})
    void aTokenIdThatIsNone(String id) throws IOException {
        Path model = model();
        Path file = model.resolve("tokenizer.json");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceFirst("\"vocab\"\\s*:\\s*\\{", "$0\"CANARY\":" + id + ","));
        assertThat(execute("score --model MODEL --dataset GOOD --out OUT", model))
                .isEqualTo(Fault.MODEL_INVALID.exitCode());
        assertThat(err.toString())
                .contains("tokenizer.json: model.vocab has a token id that is ")
                .doesNotContain("CANARY");
    }

    @Test
    void anUnknownTokenThatIsUnknownItself() throws IOException {
        Path model = model();
        Path file = model.resolve("tokenizer.json");
        ObjectMapper json = new ObjectMapper();
        ObjectNode tokenizer = (ObjectNode) json.readTree(file.toFile());
        ObjectNode words = tokenizer.putObject("model").put("type", "WordLevel").put("unk_token", "<unk>");
        words.putObject("vocab").put("q", 7).put("a", 8);
        Files.writeString(file, tokenizer.toString());
        assertThat(execute("score --model MODEL --dataset GOOD --out OUT", model))
                .isEqualTo(Fault.MODEL_INVALID.exitCode());
        assertThat(err.toString()).contains("tokenizer.json: the unknown token of its WordLevel model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "1.5", "true", "[2, \"x\"]", "{}"})
    void anEndOfTextThatIsNoToken(String id) throws IOException {
        Path model = model();
        for (String name : List.of("generation_config.json", "config.json")) {
            Path file = model.resolve(name);
            Files.writeString(
                    file, Files.readString(file).replaceFirst("\"eos_token_id\": 2", "\"eos_token_id\": " + id));
            assertThat(execute("generate --model MODEL --dataset GOOD --out OUT", model))
                    .isEqualTo(Fault.MODEL_INVALID.exitCode());
        }
        assertThat(err.toString())
                .contains("generation_config.json: eos_token_id is ", "model/config.json: eos_token_id is ");
    }

    private Path model() throws IOException {
        Path model = dir.resolve("model");
        ModelDirectory.copy(CASES.resolve("models/base"), model);
        ModelDirectory.copy(CASES.resolve("models/base"), dir.resolve("good-model"));
        Files.writeString(dir.resolve("texts.jsonl"), "\"hi\"\n\"hi <tool>\"\n\"hi\"\n");
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"fine\"}],"
                            + "\"category\":\"general\"}");
        }
        Files.write(dir.resolve(GOOD), rows);
        List<String> bad = Files.readAllLines(CASES.resolve(BEYOND));
        rows.set(1, bad.get(1).replaceFirst("}$", ",\"category\":\"general\"}"));
        Files.write(dir.resolve("bad.jsonl"), rows);
        return model;
    }

    /** A word that the tokenizer knows and the model has no embedding of. */
    private static void addToken(Path model) throws IOException {
        Path file = model.resolve("tokenizer.json");
        ObjectNode tokenizer = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        tokenizer
                .withArray("added_tokens")
                .addObject()
                .put("id", 500)
                .put("content", "<tool>")
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", false);
        Files.writeString(file, tokenizer.toString());
    }

    private int execute(String command, Path model) {
        String[] arguments = Arrays.stream(command.split(" "))
                .map(word -> switch (word) {
                    case "MODEL" -> model.toString();
                    case "GOODMODEL" -> dir.resolve("good-model").toString();
                    case "GOOD" -> dir.resolve(GOOD).toString();
                    case "BAD" -> dir.resolve("bad.jsonl").toString();
                    case "TEXTS" -> dir.resolve("texts.jsonl").toString();
                    case "NONE" -> dir.resolve("none").toString();
                    case "OUT" -> dir.resolve("out").toString();
                    default -> word;
                })
                .toArray(String[]::new);
        CommandLine line = TrainerCommand.commandLine();
        line.setErr(new PrintWriter(err));
        line.setOut(new PrintWriter(err));
        return line.execute(arguments);
    }
}
