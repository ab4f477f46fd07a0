package dev.safefinetune.trainer.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.jinja.WhiteSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How many characters so many tokens can stand for at most. A text of megabytes that is far too long is refused by it before
 * it is tokenised, which would take minutes and gigabytes. Nothing is refused that would fit.
 *
 * @param perToken characters of the longest token; 0 where one token can stand for any number of them
 * @param white whether a token may take the white space around it as well
 */
record LengthBound(long perToken, boolean white) {
    private static final LengthBound NONE = new LengthBound(0, false);

    /** What changes a text before it is cut up and keeps its length, or makes it longer. */
    private static final Set<String> KEEPING = Set.of("NFD", "NFKD", "Prepend", "ByteLevel");

    /** Several characters may become one, up to four: the most that a composed character is made of. */
    private static final String COMPOSING = "NFC";

    private static final int COMPOSED = 4;

    /** What cuts a text up and loses nothing of it. */
    private static final Set<String> CUTTING = Set.of("ByteLevel", "Metaspace", "Digits", "Punctuation");

    /** The bound of a tokenizer, as {@code tokenizer.json} has it. */
    static LengthBound of(JsonNode tokenizer) {
        JsonNode model = tokenizer.path("model");
        boolean merges = model.path("type").asText("BPE").equals("BPE")
                && model.path("vocab").isObject();
        if (!merges || !losesNothing(tokenizer) || !knowsAllBytes(tokenizer)) {
            return NONE;
        }
        int factor = 1;
        for (JsonNode step : steps(tokenizer.path("normalizer"), "normalizers")) {
            String type = step.path("type").asText();
            if (type.equals(COMPOSING)) {
                factor = COMPOSED;
            } else if (!KEEPING.contains(type) && !isReplacement(step)) {
                return NONE;
            }
        }
        long longest = 1;
        for (var word : model.path("vocab").properties()) {
            longest = Math.max(longest, word.getKey().length());
        }
        boolean white = false;
        for (JsonNode added : tokenizer.path("added_tokens")) {
            longest = Math.max(longest, added.path("content").asText().length());
            white |= added.path("lstrip").asBoolean() || added.path("rstrip").asBoolean();
        }
        return new LengthBound(longest * factor, white);
    }

    private static boolean losesNothing(JsonNode tokenizer) {
        return steps(tokenizer.path("pre_tokenizer"), "pretokenizers").stream()
                .allMatch(step -> CUTTING.contains(step.path("type").asText())
                        || step.path("type").asText().equals("Split")
                                && !step.path("behavior").asText().equals("Removed"));
    }

    /** A blank for a visible one and the like; what is replaced must not become shorter. */
    private static boolean isReplacement(JsonNode step) {
        String pattern = step.path("pattern").path("String").asText();
        return step.path("type").asText().equals("Replace")
                && !pattern.isEmpty()
                && pattern.length() <= step.path("content").asText().length();
    }

    /** A character that the vocabulary cannot write would be dropped, or many of them become one unknown token. */
    private static boolean knowsAllBytes(JsonNode tokenizer) {
        JsonNode model = tokenizer.path("model");
        JsonNode words = model.path("vocab");
        if (model.path("byte_fallback").asBoolean()) {
            boolean all = true;
            for (int b = 0; b < 256; b++) {
                all &= words.has(String.format("<0x%02X>", b));
            }
            return all;
        }
        boolean all = steps(tokenizer.path("pre_tokenizer"), "pretokenizers").stream()
                .anyMatch(step -> step.path("type").asText().equals("ByteLevel"));
        for (char c = '!'; c < '\u0144'; c++) {
            // The alphabet of byte-level vocabularies, without the characters that are none of it.
            boolean none = c > '~' && c < '\u00A1' || c == '\u00AD';
            all &= none || words.has(String.valueOf(c));
        }
        return all;
    }

    /** A step, or the steps of a sequence of them. */
    private static List<JsonNode> steps(JsonNode step, String inner) {
        List<JsonNode> steps = new ArrayList<>();
        if (step.path("type").asText().equals("Sequence")) {
            step.path(inner).forEach(s -> steps.addAll(steps(s, inner)));
        } else if (step.isObject()) {
            steps.add(step);
        }
        return steps;
    }

    /**
     * Refuses a text that cannot fit.
     *
     * @param limit most tokens
     * @throws TrainerException {@link Fault#DATASET_INVALID}; the message begins with a verb, for whoever knows file and line
     */
    void require(String text, int limit) {
        long most = perToken * limit;
        if (perToken == 0 || text.length() <= most) {
            return;
        }
        long counted =
                white ? text.chars().filter(c -> !WhiteSpace.is((char) c)).count() : text.length();
        if (counted > most) {
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    "has " + counted + " characters, more than the limit of " + limit
                            + " tokens can stand for, which is " + most);
        }
    }

    /** Refuses more tokens than the limit; what {@link #require} lets pass need not fit. */
    static void requireFit(int[] tokens, int limit) {
        if (tokens.length > limit) {
            throw new TrainerException(
                    Fault.DATASET_INVALID, "has " + tokens.length + " tokens, the limit is " + limit);
        }
    }
}
