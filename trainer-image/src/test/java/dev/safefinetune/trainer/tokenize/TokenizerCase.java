package dev.safefinetune.trainer.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Message.Role;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.data.TemplateFields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One folder of {@code src/test/resources/tokenizers}: a tokenizer with its template, and what transformers does with them.
 *
 * @param name of the folder
 * @param expected what transformers did
 */
public record TokenizerCase(String name, JsonNode expected) {
    private static final Path ROOT = Path.of("src/test/resources/tokenizers");

    /** All, in the order of their names. */
    public static Stream<TokenizerCase> all() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders
                    .filter(Files::isDirectory)
                    .map(f -> String.valueOf(f.getFileName()))
                    .sorted()
                    .map(TokenizerCase::open)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TokenizerCase open(String name) {
        try {
            return new TokenizerCase(
                    name,
                    JsonMapper.builder()
                            .build()
                            .readTree(
                                    ROOT.resolve(name).resolve("expected.json").toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return ROOT.resolve(name);
    }

    /** The architecture whose models have such a tokenizer. */
    public String architecture() {
        return expected.path("architecture").asText();
    }

    /** What kind of tokenizer it is, as the documentation says it. */
    public String tokenizer() {
        return expected.path("tokenizer").asText();
    }

    /** In whose manner the template is written. */
    public String template() {
        return expected.path("template").asText();
    }

    /** How many texts were tokenised. */
    public int textCount() {
        return texts().size();
    }

    /** How many conversations were written, or refused. */
    public int conversationCount() {
        return conversations().size();
    }

    List<JsonNode> texts() {
        return list("texts");
    }

    /** Ids that begin or end inside of a character. */
    List<JsonNode> cut() {
        return list("cut");
    }

    List<Talk> conversations() {
        return list("conversations").stream().map(Talk::new).toList();
    }

    private List<JsonNode> list(String field) {
        return StreamSupport.stream(expected.path(field).spliterator(), false).toList();
    }

    static int[] ints(JsonNode numbers) {
        return StreamSupport.stream(numbers.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * One conversation.
     *
     * @param expected what transformers made of it
     */
    record Talk(JsonNode expected) {
        Sample sample() {
            List<Message> turns = new ArrayList<>();
            expected.path("messages")
                    .forEach(m -> turns.add(new Message(
                            Role.valueOf(m.path("role").asText().toUpperCase(Locale.ROOT)),
                            m.path("content").asText())));
            TemplateFields fields = expected.has("kwargs")
                    ? new TemplateFields(TemplateFields.NONE.tools(), expected.path("kwargs"))
                    : TemplateFields.NONE;
            return new Sample(0, 1, turns, null, fields);
        }

        boolean isRefused() {
            return expected.has("refused");
        }

        /**
         * What the trainer's refusal says: a template may refuse, leave out what the system says, or write an answer otherwise
         * than the row has it, so that no mask is right. Empty where the conversation can be learned.
         */
        String refusal() {
            if (isRefused()) {
                return "is refused by the model's chat template: " + text("refused");
            }
            if (expected.has("dropped")) {
                return "has a turn of role system (turn 1), which the model's chat template does not use";
            }
            return expected.has("rewritten") ? "has an answer that the model's chat template rewrites" : "";
        }

        String text(String field) {
            return expected.path(field).asText();
        }

        int[] ids(String field) {
            return ints(expected.path(field));
        }

        /** The runs of tokens that bear loss, {@code [from, to)}. */
        String answers() {
            return expected.path("answers").toString();
        }

        @Override
        public String toString() {
            return text("title");
        }
    }
}
