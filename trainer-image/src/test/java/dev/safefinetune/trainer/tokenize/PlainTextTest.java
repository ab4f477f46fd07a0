package dev.safefinetune.trainer.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.trainer.command.Commands;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plain texts, held against what transformers makes of them; see {@code src/test/python/make_cases.py}. */
class PlainTextTest {
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final Path BASE = CASES.resolve("models/base");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path dir;

    @BeforeEach
    void model() throws IOException {
        try (Stream<Path> files = Files.list(BASE)) {
            for (Path file : files.toList()) {
                Files.copy(file, dir.resolve(file.getFileName()));
            }
        }
    }

    static Stream<Arguments> expected() throws IOException {
        return StreamSupport.stream(
                        JSON.readTree(CASES.resolve("expected-text.json").toFile())
                                .spliterator(),
                        false)
                .map(e -> Arguments.of(e.path("title").asText(), e.path("text").asText(), e));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("expected")
    void tokensAndLossAreThoseOfTransformersAndAllButTheFirstAreLearned(String title, String text, JsonNode expected)
            throws IOException {
        ObjectNode config = object("tokenizer_config.json");
        expected.path("config").properties().forEach(field -> config.set(field.getKey(), field.getValue()));
        config.properties()
                .removeIf(field -> field.getKey().equals("tokenizer_class")
                        && field.getValue().isNull());
        Files.writeString(dir.resolve("tokenizer_config.json"), config.toString());
        ObjectNode tokenizer = object("tokenizer.json");
        tokenizer.set("post_processor", expected.path("post_processor"));
        Files.writeString(dir.resolve("tokenizer.json"), tokenizer.toString());
        EncodedSample encoded = encode(text, Integer.MAX_VALUE);
        assertThat(encoded.tokens())
                .containsExactly(StreamSupport.stream(expected.path("ids").spliterator(), false)
                        .mapToInt(JsonNode::asInt)
                        .toArray());
        assertThat(encoded.answer()[0]).isFalse();
        assertThat(encoded.answerTokens()).isEqualTo(encoded.length() - 1);
        Path losses = dir.resolve("losses.jsonl");
        Commands.succeed(
                "score", "--model", dir, "--dataset", dir.resolve("d.jsonl"), "--format", "text", "--out", losses);
        assertThat(JSON.readTree(losses.toFile()).path("loss").asDouble())
                .isCloseTo(expected.path("loss").asDouble(), offset(2e-4));
    }

    @Test
    void aTextThatIsTooLongOrTooShortIsRefusedByItsLine() {
        assertThatThrownBy(() -> encode("The operator is small.", 3))
                .hasMessageContaining("d.jsonl line 1 has ")
                .hasMessageContaining(" tokens, the limit is 3");
        assertThatThrownBy(() -> encode("a".repeat(1 << 20), 3))
                .hasMessageContaining("d.jsonl line 1 has 1048576 characters, more than the limit of 3 tokens");
        assertThatThrownBy(() -> encode("a", 3))
                .hasMessageContaining("d.jsonl line 1 has a text of one token, which teaches nothing");
    }

    /** Whoever rendered a conversation wants its tokens read as such, so nothing is said of them. */
    @Test
    void specialTokensOfATextAreNoCauseForAWarning() throws IOException {
        Dataset rendered = text("<|im_start|>user\nhi<|im_end|>\n");
        try (ChatTokenizer tokenizer = ChatTokenizer.open(dir)) {
            assertThat(tokenizer.linesWithSpecialTokens(rendered)).isEmpty();
        }
    }

    private EncodedSample encode(String text, int limit) throws IOException {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(dir)) {
            return tokenizer.encode(text(text), limit).getFirst();
        }
    }

    private Dataset text(String text) throws IOException {
        Files.writeString(
                dir.resolve("d.jsonl"),
                JSON.createObjectNode().put("text", text).toString());
        return DatasetReader.readTraining(dir.resolve("d.jsonl"), "d.jsonl", DatasetFormat.TEXT);
    }

    private ObjectNode object(String file) throws IOException {
        return (ObjectNode) JSON.readTree(BASE.resolve(file).toFile());
    }
}
