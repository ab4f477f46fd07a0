package dev.safefinetune.trainer.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Message.Role;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Held against what transformers renders and tokenises; see {@code src/test/python/make_chat.py}. */
class ChatTokenizerTest {
    private static final Path CHAT = Path.of("src/test/resources/chat");
    private static final Clock THEN = Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);
    private static final int NO_LIMIT = 10_000;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chatml-default-system",
                "headers-and-dates",
                "tools-and-elif",
                "alternating",
                "thinking",
                "generation-marks",
                "quickstart"
            })
    void tokensAndAnswersAreThoseOfTransformers(String template) throws IOException {
        try (ChatTokenizer tokenizer = open(template)) {
            for (JsonNode expected : new ObjectMapper()
                    .readTree(CHAT.resolve("expected.json").toFile())
                    .path(template)) {
                String title = template + ": " + expected.path("title").asText();
                Sample sample = sample(expected.path("messages"));
                EncodedSample encoded = tokenizer.encode(sample, NO_LIMIT);
                assertThat(encoded.tokens()).as(title).isEqualTo(ints(expected.path("ids")));
                assertThat(answers(tokenizer, encoded))
                        .as(title)
                        .usingElementComparator((a, b) -> trimmed(template, a).compareTo(trimmed(template, b)))
                        .containsExactlyElementsOf(texts(expected.path("answers")));
                assertThat(tokenizer.prompt(sample.prompt())).as(title).isEqualTo(ints(expected.path("promptIds")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void rendersWhatTransformersRenders(String template) throws IOException {
        write(template);
        ChatTemplate rendered = ChatTemplate.read(dir, SpecialTokens.read(dir, TokenizerFile.read(dir)), THEN);
        for (JsonNode expected : new ObjectMapper()
                .readTree(CHAT.resolve("expected.json").toFile())
                .path(template)) {
            Sample sample = sample(expected.path("messages"));
            String title = template + ": " + expected.path("title").asText();
            assertThat(rendered.prompt(sample.prompt()))
                    .as(title)
                    .isEqualTo(expected.path("prompt").asText());
            if (template.equals("constructs") || template.equals("thinking")) {
                continue;
            }
            assertThat(rendered.whole(sample.conversation()).text())
                    .as(title)
                    .isEqualTo(expected.path("text").asText());
        }
    }

    static Stream<String> templates() throws IOException {
        try (Stream<Path> files = Files.list(CHAT)) {
            return files
                    .map(p -> String.valueOf(p.getFileName()))
                    .filter(n -> n.endsWith(".jinja"))
                    .map(n -> n.replace(".jinja", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void aSampleAboveTheLimitIsRefusedWithLineTokensAndLimit() throws IOException {
        try (ChatTokenizer tokenizer = open("quickstart")) {
            Sample longer = new Sample(3, 17, turns("q", "CANARY ".repeat(50)), null);
            assertThatThrownBy(() -> tokenizer.encode(new Dataset("d.jsonl", List.of(longer)), 64))
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                    .hasMessageMatching("dataset d.jsonl line 17 has \\d+ tokens, the limit is 64");
        }
    }

    @Test
    void aRefusalOfTheTemplateNamesTheLineAndDoesNotQuoteTheSample() throws IOException {
        Sample twoAnswers = new Sample(
                0, 4, List.of(new Message(Role.ASSISTANT, "CANARY"), new Message(Role.ASSISTANT, "CANARY")), null);
        try (ChatTokenizer tokenizer = open("alternating")) {
            assertThatThrownBy(() -> tokenizer.encode(new Dataset("d", List.of(twoAnswers)), NO_LIMIT))
                    .hasMessage("dataset d line 4 is refused by the model's chat template: Conversation roles must"
                            + " alternate user/assistant/user/assistant/...");
        }
        String quoting = "{% for m in messages %}{% if m.content == 'CANARY' %}{{ raise_exception('no ' ~ m.content) }}"
                + "{% endif %}{{ m.content }}</s>{% endfor %}";
        try (ChatTokenizer tokenizer = openSource(quoting)) {
            assertThatThrownBy(() -> tokenizer.encode(new Dataset("d", List.of(twoAnswers)), NO_LIMIT))
                    .hasMessage("dataset d line 4 is refused by the model's chat template");
        }
    }

    @Test
    void aFailureOfTheTemplateDoesNotQuoteTheSampleEither() throws IOException {
        String turns = "{% for m in messages %}{{ m.content }}</s>{% endfor %}";
        Dataset dataset = new Dataset("d", List.of(new Sample(0, 4, turns("CANARY", "b"), null)));
        for (String quoting : List.of(
                "{{ {'a': {'b': 1}}[messages[0].content].b }}",
                "{% if messages[0].content != 'a' %}{{ ['x'] | map(messages[0].content) }}{% endif %}",
                "{% if messages[0].content != 'a' %}{{ ['x'] | select(messages[0].content) }}{% endif %}")) {
            try (ChatTokenizer tokenizer = openSource(quoting + turns)) {
                assertThatThrownBy(() -> tokenizer.encode(dataset, NO_LIMIT))
                        .as(quoting)
                        .isInstanceOfSatisfying(
                                TrainerException.class,
                                e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                        .hasMessageEndingWith("cannot be rendered: line 1");
            }
        }
        String own = "{% if messages[0].content == 'CANARY' %}\n{{ missing.member }}{% endif %}" + turns;
        try (ChatTokenizer tokenizer = openSource(own)) {
            assertThatThrownBy(() -> tokenizer.encode(dataset, NO_LIMIT))
                    .hasMessageEndingWith("cannot be rendered: line 2: 'missing' is undefined");
        }
    }

    @Test
    void anAnswerThatTheTemplateRewritesIsRefusedAndNotMaskedByGuess() throws IOException {
        List<Message> turns = new ArrayList<>(turns("q", "<think>hm</think>a"));
        turns.addAll(turns("q", "a"));
        try (ChatTokenizer tokenizer = open("thinking")) {
            assertThatThrownBy(() -> tokenizer.encode(new Sample(0, 1, turns, null), NO_LIMIT))
                    .hasMessageContaining("rewrites");
        }
    }

    @Test
    void aTemplateWithoutAnEndOfTurnIsRefused() {
        assertThatThrownBy(() -> openSource("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                .hasMessageContaining("ends the assistant's turn");
    }

    @Test
    void aTemplateThatWritesTheBeginTwiceIsRefused() {
        assertThatThrownBy(() -> openSource(
                        "{{ bos_token }}{{ bos_token }}{% for m in messages %}{{ m.content }}</s>{% endfor %}"))
                .hasMessageContaining("begin-of-text token twice");
    }

    @Test
    void aModelWithoutATemplateIsRefused() throws IOException {
        Files.copy(CHAT.resolve("tokenizer.json"), dir.resolve("tokenizer.json"));
        assertThatThrownBy(() -> ChatTokenizer.open(dir)).hasMessageContaining("has no chat template");
    }

    @Test
    void aTokenizerThatIsNoneIsRefused() throws IOException {
        write("quickstart");
        Files.writeString(dir.resolve("tokenizer.json"), "{\"model\":{\"type\":\"Nonsense\"}}");
        assertThatThrownBy(() -> ChatTokenizer.open(dir))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                .hasMessageContaining("tokenizer.json");
    }

    @Test
    void theTemplateFileWinsOverTheConfiguration() throws IOException {
        write("quickstart");
        Files.writeString(
                dir.resolve("tokenizer_config.json"),
                "{\"bos_token\":{\"content\":\"<|begin_of_text|>\"},\"eos_token\":\"</s>\",\"chat_template\":\"x\"}");
        try (ChatTokenizer tokenizer = ChatTokenizer.open(dir, THEN)) {
            assertThat(tokenizer.text(tokenizer.prompt(new Conversation(List.of(new Message(Role.USER, "hi"))))))
                    .contains("hi");
        }
    }

    @Test
    void generationStopsAtTheEndOfTheTurnAndAtWhatTheConfigurationsState() throws IOException {
        write("chatml-default-system");
        Files.writeString(dir.resolve("config.json"), "{\"eos_token_id\":[5,6]}");
        Files.writeString(dir.resolve("generation_config.json"), "{\"eos_token_id\":7}");
        try (ChatTokenizer tokenizer = ChatTokenizer.open(dir, THEN)) {
            assertThat(tokenizer.endTokens())
                    .contains(5, 6, 7, tokenizer.tokens("</s>")[0], tokenizer.tokens("<|im_end|>")[0]);
        }
    }

    private ChatTokenizer open(String template) throws IOException {
        write(template);
        return ChatTokenizer.open(dir, THEN);
    }

    private ChatTokenizer openSource(String source) throws IOException {
        write("quickstart");
        Files.writeString(dir.resolve("chat_template.jinja"), source);
        return ChatTokenizer.open(dir, THEN);
    }

    private void write(String template) throws IOException {
        Files.writeString(dir.resolve("chat_template.jinja"), Files.readString(CHAT.resolve(template + ".jinja")));
        Files.writeString(dir.resolve("tokenizer.json"), Files.readString(CHAT.resolve("tokenizer.json")));
        Files.writeString(
                dir.resolve("tokenizer_config.json"), "{\"bos_token\":\"<|begin_of_text|>\",\"eos_token\":\"</s>\"}");
    }

    private static Sample sample(JsonNode messages) {
        List<Message> turns = new ArrayList<>();
        messages.forEach(m -> turns.add(new Message(
                Role.valueOf(m.path("role").asText().toUpperCase(Locale.ROOT)),
                m.path("content").asText())));
        return new Sample(0, 1, turns, null);
    }

    private static List<Message> turns(String request, String answer) {
        return List.of(new Message(Role.USER, request), new Message(Role.ASSISTANT, answer));
    }

    /** The marked runs of tokens as text, special tokens and all. */
    private static List<String> answers(ChatTokenizer tokenizer, EncodedSample encoded) {
        List<String> answers = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= encoded.length(); i++) {
            boolean marked = i < encoded.length() && encoded.answer()[i];
            if (marked && start < 0) {
                start = i;
            } else if (!marked && start >= 0) {
                answers.add(tokenizer.textWithSpecialTokens(java.util.Arrays.copyOfRange(encoded.tokens(), start, i)));
                start = -1;
            }
        }
        return answers;
    }

    /** In this one a blank stands before the answer, and belongs to its first token where the two are merged. */
    private static String trimmed(String template, String answer) {
        return template.equals("alternating") ? answer.stripLeading() : answer;
    }

    private static int[] ints(JsonNode numbers) {
        return java.util.stream.StreamSupport.stream(numbers.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static List<String> texts(JsonNode texts) {
        return java.util.stream.StreamSupport.stream(texts.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
