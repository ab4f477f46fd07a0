package dev.safefinetune.trainer.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers, JSON, white space and added tokens, held against Python; see {@code src/test/python/make_python_values.py}. */
class AsPythonTest {
    private static final Path CASES = Path.of("src/test/resources/cases");

    @TempDir
    Path dir;

    @Test
    void valuesAndWhiteSpaceAreWrittenAsInPython() throws IOException {
        JsonNode cases = expected().path("rendered");
        assertThat(cases.size()).isGreaterThan(200);
        for (JsonNode expected : cases) {
            String source = expected.path("source").asText();
            assertThat(JinjaTemplate.parse(source, () -> ZonedDateTime.now(ZoneOffset.UTC))
                            .render(Map.of("v", TemplateValues.of(expected.path("value"))))
                            .text())
                    .as(expected.toString())
                    .isEqualTo(expected.path("text").asText());
        }
    }

    @Test
    void theConfigurationOverrulesTheTokenizersFile() throws IOException {
        JsonNode cases = expected().path("tokens");
        assertThat(cases.size()).isGreaterThan(40);
        for (JsonNode expected : cases) {
            Files.copy(
                    CASES.resolve("models/base/tokenizer.json"),
                    dir.resolve("tokenizer.json"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(
                    dir.resolve("tokenizer_config.json"),
                    expected.path("config").toString());
            Files.writeString(
                    dir.resolve("special_tokens_map.json"), expected.path("map").toString());
            Files.writeString(
                    dir.resolve("chat_template.jinja"),
                    "{% for m in messages %}{{ m.role }} {{ m.content }}<|im_end|>{% endfor %}");
            try (ChatTokenizer tokenizer = ChatTokenizer.open(dir)) {
                assertThat(tokenizer.tokens(expected.path("text").asText()))
                        .as(expected.toString())
                        .isEqualTo(StreamSupport.stream(expected.path("ids").spliterator(), false)
                                .mapToInt(JsonNode::asInt)
                                .toArray());
            }
        }
    }

    private static JsonNode expected() throws IOException {
        return new ObjectMapper().readTree(CASES.resolve("expected-python.json").toFile());
    }
}
