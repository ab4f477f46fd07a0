package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.SafetensorsFile;
import dev.safefinetune.trainer.train.ParityCase;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    /** Logits are of order 1 and float32 has 24 bits: a few roundings in another order. */
    private static final double ROUNDING = 1e-5;

    private static final int VOCABULARY = 64;

    /** Ends a turn; no batch of the fixtures has it. */
    private static final int END = 2;

    private final ObjectMapper json = new ObjectMapper();
    private final ParityCase expected = ParityCase.open("gqa");

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void makeModelWithWords() throws IOException {
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(expected.checkpoint().resolve(name), directory.resolve(name));
        }
        ObjectNode tokenizer = json.createObjectNode().put("version", "1.0");
        tokenizer
                .putArray("added_tokens")
                .addObject()
                .put("id", END)
                .put("content", "</s>")
                .put("special", true)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false);
        tokenizer.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        ObjectNode words = tokenizer
                .putObject("model")
                .put("type", "WordLevel")
                .put("unk_token", "w0")
                .putObject("vocab");
        for (int i = 0; i < VOCABULARY; i++) {
            words.put(i == END ? "</s>" : "w" + i, i);
        }
        Files.writeString(directory.resolve("tokenizer.json"), json.writeValueAsString(tokenizer));
        ObjectNode settings = json.createObjectNode().put("eos_token", "</s>");
        settings.put(
                "chat_template",
                "{% for message in messages %}{{ message['role'] + ' ' + message['content'] + ' </s>' }}{% endfor %}"
                        + "{% if add_generation_prompt %}{{ 'assistant ' }}{% endif %}");
        Files.writeString(directory.resolve("tokenizer_config.json"), json.writeValueAsString(settings));
    }

    @Test
    void writesTheTokensAndTheLogitsThatTransformersComputes() throws IOException {
        int[] tokens = expected.batch(0).getFirst().tokens();
        Path texts = texts(text(tokens), "w5 w6");

        int code = run(texts, "--logits", "1");

        assertThat(code).isZero();
        try (SafetensorsFile found = SafetensorsFile.open(directory.resolve("out"))) {
            assertThat(found.tensors()).containsOnlyKeys("tokens.0", "tokens.1", "logits.0");
            assertThat(ints(found, "tokens.0")).containsExactly(tokens);
            assertThat(ints(found, "tokens.1")).containsExactly(5, 6);
            float[] all = expected.floats("logits/base");
            float[] last = Arrays.copyOfRange(all, (tokens.length - 1) * VOCABULARY, tokens.length * VOCABULARY);
            assertThat(ParityCase.relativeError(floats(found, "logits.0"), last))
                    .isLessThan(ROUNDING);
        }
    }

    @Test
    void namesTheLineThatIsNoText() throws IOException {
        Path texts = directory.resolve("texts");
        Files.writeString(texts, "\"w1\"\n{}\n");

        assertThat(run(texts)).isEqualTo(Fault.DATASET_INVALID.exitCode());
        assertThat(directory.resolve("out")).doesNotExist();
    }

    private int run(Path texts, String... more) {
        String[] arguments = {
            "inspect",
            "--model",
            directory.toString(),
            "--texts",
            texts.toString(),
            "--out",
            directory.resolve("out").toString()
        };
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return TrainerCommand.commandLine().execute(all);
    }

    private Path texts(String... texts) throws IOException {
        ArrayNode lines = json.createArrayNode();
        Arrays.stream(texts).forEach(lines::add);
        StringBuilder file = new StringBuilder();
        lines.forEach(line -> file.append(line).append('\n'));
        return Files.writeString(directory.resolve("texts"), file);
    }

    private static String text(int[] tokens) {
        return Arrays.stream(tokens).mapToObj(id -> "w" + id).collect(Collectors.joining(" "));
    }

    private static int[] ints(SafetensorsFile file, String name) {
        IntBuffer buffer = file.tensor(name).buffer().asIntBuffer();
        int[] values = new int[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static float[] floats(SafetensorsFile file, String name) {
        FloatBuffer buffer = file.tensor(name).buffer().asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }
}
