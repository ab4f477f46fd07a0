package dev.safefinetune.trainer.tokenize.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a few bytes that end, or never end, whoever reads them with the native tokenizer. */
class TokenizerTrialTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path BASE = Path.of("src/test/resources/cases/models/base");
    private static final String TEMPLATE = "{% for m in messages %}{{ m.role }} {{ m.content }}<|im_end|>{% endfor %}";

    @TempDir
    private Path model = Path.of("");

    @Test
    void aTokenizerPasses() throws IOException {
        given(JSON.nullNode(), TEMPLATE);
        assertThatCode(() -> TokenizerTrial.require(model)).doesNotThrowAnyException();
    }

    /** Its own mistakes are told by whoever reads it, with their names. */
    @Test
    void whatCanBeToldIsLeftToWhoReadsIt() throws IOException {
        given(JSON.createObjectNode().put("type", "NoSuchNormalizer"), TEMPLATE);
        assertThatCode(() -> TokenizerTrial.require(model)).doesNotThrowAnyException();
    }

    @Test
    void aMapOfNoBytesEndsTheProcess() throws IOException {
        given(precompiled(""), TEMPLATE);
        refused("ended by signal 6");
    }

    @Test
    void aMapThatClaimsGigabytes() throws IOException {
        byte[] claim = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x7ffffffc)
                .array();
        given(precompiled(Base64.getEncoder().encodeToString(claim)), TEMPLATE);
        refused("ended by signal 6");
    }

    @Test
    void replacementsThatDoubleATextTwentySixTimes() throws IOException {
        given(replacements(26, "a", "aa"), TEMPLATE);
        refused("1024 MiB");
    }

    @Test
    void replacementsThatTakeTooLong() throws IOException {
        given(replacements(40_000, "abc", "abd"), TEMPLATE);
        assertThatThrownBy(() -> TokenizerTrial.require(model, Duration.ofSeconds(4)))
                .isInstanceOfSatisfying(TrainerException.class, TokenizerTrialTest::isModels)
                .hasMessageContaining("had not ended after 4 s");
    }

    /** It costs nothing until somebody says a hundred words. */
    @Test
    void aTemplateThatFailsOnWhatItReads() throws IOException {
        given(
                JSON.nullNode(),
                TEMPLATE + "{% for i in range(99999) %}{{ messages[0].content[1:] | length }}{% endfor %}");
        // The template's own limits end it, so it is told by whoever reads it.
        assertTimeoutPreemptively(
                TokenizerTrial.MOST_TIME,
                () -> assertThatCode(() -> TokenizerTrial.require(model)).doesNotThrowAnyException());
    }

    private void refused(String how) {
        assertTimeoutPreemptively(
                TokenizerTrial.MOST_TIME.plusSeconds(5),
                () -> assertThatThrownBy(() -> TokenizerTrial.require(model))
                        .isInstanceOfSatisfying(TrainerException.class, TokenizerTrialTest::isModels)
                        .hasMessageContaining("tokenizer.json")
                        .hasMessageContaining(how)
                        .hasMessageContaining("save_pretrained"));
    }

    private static void isModels(TrainerException e) {
        assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID);
        assertThat(e.fault().isRetryable()).isFalse();
    }

    private void given(JsonNode normalizer, String template) throws IOException {
        ObjectNode tokenizer =
                (ObjectNode) JSON.readTree(BASE.resolve("tokenizer.json").toFile());
        tokenizer.set("normalizer", normalizer);
        Files.writeString(model.resolve("tokenizer.json"), tokenizer.toString());
        Files.writeString(model.resolve("chat_template.jinja"), template);
    }

    private static ObjectNode precompiled(String map) {
        return JSON.createObjectNode().put("type", "Precompiled").put("precompiled_charsmap", map);
    }

    private static ObjectNode replacements(int times, String part, String by) {
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        ArrayNode normalizers = sequence.putArray("normalizers");
        for (int i = 0; i < times; i++) {
            ObjectNode replace = normalizers.addObject().put("type", "Replace").put("content", by);
            replace.putObject("pattern").put("String", part);
        }
        return sequence;
    }
}
