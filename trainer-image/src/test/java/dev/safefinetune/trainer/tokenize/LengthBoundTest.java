package dev.safefinetune.trainer.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line of megabytes is refused by its characters, and nothing that fits is. */
class LengthBoundTest {
    private static final Path MODEL = Path.of("src/test/resources/cases/models/base");
    private static final int CONTEXT = 512;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"CANARY ", " ", "ä", "<|im_end|>"})
    void aLineOf15MegabytesIsRefusedBeforeItIsTokenised(String text) throws IOException {
        Path file = Files.writeString(
                dir.resolve("d.jsonl"),
                "{\"prompt\":\"q\",\"completion\":\"a"
                        + text.repeat((15 << 20) / text.length() / (text.equals("ä") ? 2 : 1)) + "\"}\n");
        Dataset dataset = DatasetReader.read(file);
        try (ChatTokenizer tokenizer = ChatTokenizer.open(MODEL)) {
            long begun = System.nanoTime();
            assertThatThrownBy(() -> tokenizer.encode(dataset, CONTEXT))
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                    .hasMessageMatching(
                            "dataset .*d.jsonl line 1 has \\d+ characters, more than the limit of 512 tokens can"
                                    + " stand for, which is \\d+");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** The longest token again and again: the most characters that the context can hold. */
    @Test
    void whatFitsIsNotRefused() throws IOException {
        JsonNode tokenizer = tokenizer();
        LengthBound bound = LengthBound.of(tokenizer);
        String longest = "";
        for (JsonNode token : tokenizer.path("added_tokens")) {
            String content = token.path("content").asText();
            longest = content.length() > longest.length() ? content : longest;
        }
        assertThat(bound.perToken()).isEqualTo(longest.length());
        bound.require(longest.repeat(CONTEXT), CONTEXT);
        bound.require("x".repeat(10_000_000), Integer.MAX_VALUE);
        String over = longest.repeat(CONTEXT) + "x";
        assertThatThrownBy(() -> bound.require(over, CONTEXT)).isInstanceOf(TrainerException.class);
    }

    /** Tokenizers of which one token may stand for any number of characters have no bound. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model':{'type':'WordPiece','vocab':{'a':0}}}",
                "{'model':{'type':'Unigram','vocab':[['a',0]]}}",
                "{'model':{'type':'BPE','vocab':{'a':0},'unk_token':'a','fuse_unk':true}}",
                "{'model':{'type':'BPE','vocab':{'a':0},'byte_fallback':true}}",
                "{'pre_tokenizer':{'type':'WhitespaceSplit'}}",
                "{'pre_tokenizer':{'type':'Sequence','pretokenizers':[{'type':'ByteLevel'},{'type':'Split',"
                        + "'behavior':'Removed'}]}}",
                "{'normalizer':{'type':'Strip'}}",
                "{'normalizer':{'type':'Sequence','normalizers':[{'type':'NFC'},{'type':'NFKC'}]}}",
                "{'normalizer':{'type':'Replace','pattern':{'String':'ab'},'content':'a'}}",
                "{'normalizer':{'type':'Replace','pattern':{'Regex':' +'},'content':' '}}",
            })
    void someTokenizersHaveNone(String changes) throws IOException {
        var tokenizer = (com.fasterxml.jackson.databind.node.ObjectNode) tokenizer();
        tokenizer.setAll((com.fasterxml.jackson.databind.node.ObjectNode)
                new ObjectMapper().readTree(changes.replace('\'', '"')));
        LengthBound bound = LengthBound.of(tokenizer);
        assertThat(bound.perToken()).isZero();
        bound.require("x".repeat(1_000_000), 1);
    }

    @Test
    void composedCharactersAndWhiteSpaceAroundTokensCount() throws IOException {
        var tokenizer = (com.fasterxml.jackson.databind.node.ObjectNode) tokenizer();
        long plain = LengthBound.of(tokenizer).perToken();
        tokenizer.putObject("normalizer").put("type", "NFC");
        assertThat(LengthBound.of(tokenizer).perToken()).isEqualTo(4 * plain);
        ((com.fasterxml.jackson.databind.node.ObjectNode)
                        tokenizer.path("added_tokens").get(0))
                .put("rstrip", true);
        LengthBound.of(tokenizer).require("<|im_end|>" + " ".repeat(1_000_000), 2);
    }

    private static JsonNode tokenizer() throws IOException {
        return new ObjectMapper().readTree(MODEL.resolve("tokenizer.json").toFile());
    }
}
