package dev.safefinetune.trainer.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.command.Commands;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.DatasetWriter;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows as users write them, held against what transformers makes of them; see {@code src/test/python/make_cases.py}. What a
 * template does not use is refused by name.
 */
class UsersRowsTest {
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NO_LIMIT = 10_000;

    @TempDir
    Path dir;

    static Stream<Arguments> expected() throws IOException {
        return StreamSupport.stream(
                        JSON.readTree(CASES.resolve("expected.json").toFile()).spliterator(), false)
                .map(e -> Arguments.of(
                        e.path("title").asText(), e.path("template").asText(), e));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("expected")
    void tokensAnswersAndLossAreThoseOfTransformers(String title, String template, JsonNode expected)
            throws IOException {
        model(expected.path("model").asText(), template);
        Dataset read = read(expected.path("row").toString());
        Sample sample = read.samples().getFirst();
        try (ChatTokenizer tokenizer = ChatTokenizer.open(dir)) {
            EncodedSample encoded = tokenizer.encode(sample, NO_LIMIT);
            assertThat(encoded.tokens()).isEqualTo(ints(expected.path("ids")));
            assertThat(IntStream.range(0, encoded.length())
                            .filter(i -> encoded.answer()[i])
                            .toArray())
                    .isEqualTo(ints(expected.path("learned")));
            assertThat(tokenizer.prompt(sample.prompt()))
                    .isEqualTo(tokenizer.tokens(expected.path("prompt").asText()));
            DatasetWriter.write(dir.resolve("w.jsonl"), read.samples());
            Sample written =
                    DatasetReader.readWritten(dir.resolve("w.jsonl")).samples().getFirst();
            assertThat(written).isEqualTo(sample);
            assertThat(tokenizer.encode(written, NO_LIMIT)).isEqualTo(encoded);
        }
        Path losses = dir.resolve("losses.jsonl");
        Commands.succeed("score", "--model", dir, "--dataset", dir.resolve("d.jsonl"), "--out", losses);
        assertThat(JSON.readTree(losses.toFile()).path("loss").asDouble())
                .isCloseTo(expected.path("loss").asDouble(), offset(2e-4));
    }

    private static final String CALLED =
            "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':%s,'tool_calls':[{'id':'a',"
                    + "'function':{'name':'CANARY','arguments':{}}}]},{'role':'assistant','content':'a'}]}";

    /** What a template leaves out would be lost in silence. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "models/base | {'messages':[U,A],'tools':[{'name':'CANARY'}]} | tools",
                "models/base | {'prompt':'q','completion':'a','tools':[{'name':'CANARY'}]} | tools",
                "models/base | {'messages':[U,A],'chat_template_kwargs':{'enable_thinking':false}}"
                        + " | chat_template_kwargs.enable_thinking",
                "thinking | {'messages':[U,A],'chat_template_kwargs':{'custom':'CANARY'}} | chat_template_kwargs.custom",
                "models/base | {'messages':[U,{'role':'assistant','content':'a','reasoning_content':'CANARY'}]}"
                        + " | reasoning_content in turn 2",
                "thinking | {'messages':[U,{'role':'assistant','content':'a','thinking':'CANARY'}]} | thinking in turn 2",
                "models/base | {'messages':[U,{'role':'assistant','content':'a','tool_calls':[{'name':'CANARY'}]}]}"
                        + " | tool_calls in turn 2",
                "hermes | {'messages':[U,{'role':'assistant','content':'a','function_call':{'name':'CANARY'}}]}"
                        + " | function_call in turn 2",
                "hermes | {'messages':[{'role':'user','content':'q','name':'CANARY'},A]} | name in turn 1",
                "trimming | {'messages':[{'role':'user','content':'q','name':'CANARY'},A]} | name in turn 1",
                "only-two | {'messages':[{'role':'system','content':'CANARY'},U,A]} | a turn of role system (turn 1)",
                "only-two | {'system':'CANARY','prompt':'q','completion':'a'} | a turn of role system (turn 1)",
                "only-two | {'messages':[U,{'role':'tool','content':'CANARY'},A]} | a turn of role tool (turn 2)",
                "either-or | {'messages':[U,{'role':'assistant','content':'a','tool_calls':[{'function':{'name':'x'}}]}]}"
                        + " | tool_calls in turn 2",
                "ipython | {'messages':[U,{'role':'assistant','content':'CANARY','tool_calls':[{'function':{'name':'x',"
                        + "'arguments':{}}}]}]} | content beside calls or reasoning in turn 2",
            })
    void whatTheTemplateDoesNotUseIsRefusedByName(String template, String row, String field) throws IOException {
        model("base", template);
        Dataset read = read(row.replace("U", "{'role':'user','content':'q'}")
                .replace("A,", "{'role':'assistant','content':'a'},")
                .replace("A]", "{'role':'assistant','content':'a'}]")
                .replace('\'', '"'));
        try (ChatTokenizer tokenizer = ChatTokenizer.open(dir)) {
            assertThatThrownBy(() -> tokenizer.encode(read, NO_LIMIT))
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                    .hasMessageContaining(
                            "d.jsonl line 1 has " + field + ", which the model's chat template does not use: ")
                    .hasMessageNotContaining("CANARY");
        }
    }

    /** Named by its line too where the template fails on it. */
    @Test
    void contentThatIsMissingIsNoFaultOfTheModel() throws IOException {
        model("base", "models/base");
        Dataset silent = read(CALLED.formatted("null").replace('\'', '"'));
        try (ChatTokenizer tokenizer = ChatTokenizer.open(dir)) {
            assertThatThrownBy(() -> tokenizer.encode(silent, NO_LIMIT))
                    .hasMessageContaining("d.jsonl line 1 has tool_calls in turn 2, which the model's chat template");
        }
        Files.writeString(
                dir.resolve("chat_template.jinja"),
                "{% for m in messages %}{{ m.content + (m.tool_calls | tojson if m.tool_calls else '') }}<|im_end|>"
                        + "{% endfor %}");
        try (ChatTokenizer tokenizer = ChatTokenizer.open(dir)) {
            assertThatThrownBy(() -> tokenizer.encode(silent, NO_LIMIT))
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                    .hasMessageContaining(
                            "d.jsonl line 1 has tools, calls or other fields that the model's chat template"
                                    + " fails on: line 1: '+' does not work")
                    .hasMessageNotContaining("CANARY");
        }
    }

    @Test
    void oneAnswerThatTheMarksDoNotShowIsNotGuessed() throws IOException {
        model("base", "models/base");
        Files.writeString(
                dir.resolve("chat_template.jinja"),
                "{% for m in messages %}{{ m.role }}{% if m.role == 'assistant' %}{% generation %}{{ m.content[:1] }}"
                        + "{% endgeneration %}{% generation %}{{ m.content[1:] }}<|im_end|>{% endgeneration %}"
                        + "{% else %}{{ m.content }}<|im_end|>{% endif %}{% endfor %}");
        Dataset read = DatasetReader.read(CASES.resolve("weight0.jsonl"));
        try (ChatTokenizer tokenizer = ChatTokenizer.open(dir)) {
            assertThatThrownBy(() -> tokenizer.encode(read, NO_LIMIT))
                    .hasMessageContaining("weight0.jsonl line 1 has answers without loss, and the generation marks");
        }
    }

    @Test
    void specialTokensInsideOfTextsAreTold() throws IOException {
        model("base", "models/base");
        Dataset doubled = DatasetReader.read(CASES.resolve("pcdbl.jsonl"));
        Dataset plain = DatasetReader.read(CASES.resolve("parts.jsonl"));
        try (ChatTokenizer tokenizer = ChatTokenizer.open(dir)) {
            assertThat(tokenizer.linesWithSpecialTokens(doubled)).containsExactly(1);
            assertThat(tokenizer.linesWithSpecialTokens(plain)).isEmpty();
        }
        Path out = dir.resolve("trained");
        String said = Commands.said(
                "pretrain", "--model", dir, "--dataset", CASES.resolve("pcdbl.jsonl"), "--epochs", 1, "--out", out);
        assertThat(said)
                .contains("special tokens inside of texts dataset=", "pcdbl.jsonl rows=1 lines=1 ")
                .doesNotContain("im_start", "ho<");
    }

    /** A call whose turn has no content at all is no empty answer. */
    @Test
    void contentMayBeMissingBesideACallAlone() throws IOException {
        for (String content : List.of("null", "''")) {
            assertThat(read(CALLED.formatted(content).replace('\'', '"')).size())
                    .isOne();
            assertThatThrownBy(() -> read("{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':"
                                    .replace('\'', '"')
                            + content.replace('\'', '"') + "}]}"))
                    .isInstanceOf(TrainerException.class);
        }
    }

    private void model(String name, String template) throws IOException {
        for (String place : List.of("base", name)) {
            try (Stream<Path> files = Files.list(CASES.resolve("models").resolve(place))) {
                for (Path file : files.toList()) {
                    Files.copy(file, dir.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        Path source = template.contains("/")
                ? CASES.resolve(template).resolve("chat_template.jinja")
                : CASES.resolve("templates").resolve(template + ".jinja");
        Files.writeString(dir.resolve("chat_template.jinja"), Files.readString(source));
    }

    private Dataset read(String row) throws IOException {
        return DatasetReader.readConversations(Files.writeString(dir.resolve("d.jsonl"), row + "\n"));
    }

    private static int[] ints(JsonNode numbers) {
        return StreamSupport.stream(numbers.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
