package dev.safefinetune.trainer.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.TokenizerCase.Talk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each family's own kind of tokenizer and template, held against transformers; see {@code make_tokenizers.py}. */
class FamilyTokenizerTest {
    private static final Clock THEN = Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);
    private static final int NO_LIMIT = 10_000;

    @TempDir
    Path dir;

    static Stream<TokenizerCase> cases() {
        return TokenizerCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void textsAreTokenisedAndWrittenBackAsByTransformers(TokenizerCase family) {
        SoftAssertions softly = new SoftAssertions();
        try (ChatTokenizer tokenizer = ChatTokenizer.open(family.folder(), THEN)) {
            LengthBound bound =
                    LengthBound.of(TokenizerFile.read(family.folder()).root());
            for (JsonNode expected : family.texts()) {
                String text = expected.path("text").asText();
                int[] ids = TokenizerCase.ints(expected.path("ids"));
                softly.assertThat(tokenizer.tokens(text)).as(text).isEqualTo(ids);
                softly.assertThatCode(() -> bound.require(text, ids.length))
                        .as(text)
                        .doesNotThrowAnyException();
                softly.assertThat(tokenizer.textWithSpecialTokens(ids))
                        .as(text)
                        .isEqualTo(expected.path("decoded").asText(text));
                softly.assertThat(tokenizer.text(ids))
                        .as(text)
                        .isEqualTo(expected.path("withoutSpecial").asText(text));
            }
            for (JsonNode expected : family.cut()) {
                int[] ids = TokenizerCase.ints(expected.path("ids"));
                softly.assertThat(tokenizer.textWithSpecialTokens(ids))
                        .as(Arrays.toString(ids))
                        .isEqualTo(expected.path("decoded").asText());
            }
        }
        softly.assertAll();
        assertThat(family.texts()).hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void conversationsAreWrittenAsByTransformersWithAndWithoutThePrompt(TokenizerCase family) {
        SoftAssertions softly = new SoftAssertions();
        ChatTemplate template = ChatTemplate.read(
                family.folder(), SpecialTokens.read(family.folder(), TokenizerFile.read(family.folder())), THEN);
        try (ChatTokenizer tokenizer = ChatTokenizer.open(family.folder(), THEN)) {
            for (Talk talk : family.conversations()) {
                if (talk.isRefused()) {
                    continue;
                }
                var conversation = talk.sample().conversation();
                var prompt = talk.sample().prompt();
                String text = template.whole(conversation).text();
                softly.assertThat(text).as("%s", talk).isEqualTo(talk.text("text"));
                softly.assertThat(tokenizer.tokens(text)).as("%s", talk).isEqualTo(talk.ids("ids"));
                softly.assertThat(template.prompt(prompt)).as("%s", talk).isEqualTo(talk.text("prompt"));
                softly.assertThat(tokenizer.prompt(prompt)).as("%s", talk).isEqualTo(talk.ids("promptIds"));
            }
        }
        softly.assertAll();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theLabelsAreTheAnswersTokensAndTheirEnd(TokenizerCase family) {
        SoftAssertions softly = new SoftAssertions();
        int learned = 0;
        try (ChatTokenizer tokenizer = ChatTokenizer.open(family.folder(), THEN)) {
            for (Talk talk : family.conversations()) {
                if (!talk.refusal().isEmpty()) {
                    continue;
                }
                learned++;
                try {
                    EncodedSample encoded = tokenizer.encode(talk.sample(), NO_LIMIT);
                    softly.assertThat(encoded.tokens()).as("%s", talk).isEqualTo(talk.ids("ids"));
                    softly.assertThat(runs(encoded.answer()))
                            .as("%s: %s", talk, tokenizer.textWithSpecialTokens(learned(encoded)))
                            .isEqualTo(talk.answers());
                } catch (TrainerException e) {
                    softly.fail(talk + ": " + e.getMessage());
                }
            }
        }
        softly.assertAll();
        assertThat(learned).isGreaterThan(9);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatTheTemplateRefusesOrRewritesIsRefusedByDatasetAndLine(TokenizerCase family) {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(family.folder(), THEN)) {
            for (Talk talk : family.conversations()) {
                if (talk.refusal().isEmpty()) {
                    continue;
                }
                assertThatThrownBy(() -> tokenizer.encode(new Dataset("d", List.of(talk.sample())), NO_LIMIT))
                        .as("%s", talk)
                        .isInstanceOfSatisfying(
                                TrainerException.class,
                                e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                        .hasMessageStartingWith("dataset d line 1 " + talk.refusal());
            }
        }
    }

    /** As a base model comes, or a directory into which only some files were copied. */
    @ParameterizedTest
    @MethodSource("cases")
    void withoutItsTemplateItIsRefusedWithTheFilesAndWhatWouldBeRight(TokenizerCase family) throws IOException {
        Files.copy(family.folder().resolve("tokenizer.json"), dir.resolve("tokenizer.json"));
        Path config = family.folder().resolve("tokenizer_config.json");
        ObjectNode stated = (ObjectNode) new ObjectMapper().readTree(config.toFile());
        stated.remove("chat_template");
        Files.writeString(dir.resolve("tokenizer_config.json"), stated.toString());
        assertThatThrownBy(() -> ChatTokenizer.open(dir, THEN))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                .hasMessage(dir + " has no chat template: neither chat_template.jinja nor chat_template in"
                        + " tokenizer_config.json. Conversations are written with the template that the model is served"
                        + " with; put it beside tokenizer.json as chat_template.jinja");
    }

    private static int[] learned(EncodedSample encoded) {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < encoded.length(); i++) {
            if (encoded.answer()[i]) {
                ids.add(encoded.tokens()[i]);
            }
        }
        return ids.stream().mapToInt(i -> i).toArray();
    }

    private static String runs(boolean[] answer) {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < answer.length; i++) {
            if (answer[i] && !answer[i - 1]) {
                int end = i;
                while (end < answer.length && answer[end]) {
                    end++;
                }
                runs.add("[" + i + "," + end + "]");
            }
        }
        return "[" + String.join(",", runs) + "]";
    }
}
