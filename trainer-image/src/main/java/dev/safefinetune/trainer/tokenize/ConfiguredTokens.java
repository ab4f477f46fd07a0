package dev.safefinetune.trainer.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tokenizer_config.json} says of tokens overrules {@code tokenizer.json}, as transformers does it: its
 * {@code added_tokens_decoder} adds tokens and changes them, and so do the special tokens that it names. A token that is a
 * word of the vocabulary keeps that word's id, whatever id the configuration states.
 */
final class ConfiguredTokens {
    static final String DECODER = "added_tokens_decoder";

    private static final String ADDED = "added_tokens";
    private static final String CONTENT = "content";
    private static final String SPECIAL = "special";
    private static final String PREFIX = "add_prefix_space";
    private static final List<String> FLAGS = List.of("single_word", "lstrip", "rstrip", "normalized", SPECIAL);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Path directory;
    private final ObjectNode root;
    private final JsonNode config;
    private final Set<String> special = new HashSet<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final int words;

    /**
     * Takes what is to be changed.
     *
     * @param root {@code tokenizer.json}
     */
    ConfiguredTokens(Path directory, ObjectNode root) {
        this.directory = directory;
        this.root = root;
        this.config = SpecialTokens.stated(directory);
        JsonNode vocabulary = root.path("model").path("vocab");
        this.words = vocabulary.size();
        root.path(ADDED)
                .forEach(token ->
                        ids.put(token.path(CONTENT).asText(), token.path("id").asInt()));
    }

    /** Changes it; says whether there was anything to change. */
    boolean apply() {
        List<ObjectNode> tokens = new ArrayList<>();
        Set<JsonNode> known = new HashSet<>();
        root.path(ADDED).forEach(token -> known.add(plain(token)));
        for (JsonNode token : decoder()) {
            ObjectNode plain = plain(token);
            if (!known.contains(plain)) {
                tokens.add(plain);
            }
        }
        Set<String> there = new HashSet<>(ids.keySet());
        tokens.forEach(token -> there.add(token.path(CONTENT).asText()));
        for (JsonNode token : named()) {
            String content = SpecialTokens.content(token);
            if (content != null && special.add(content) && there.add(content)) {
                ObjectNode added =
                        token.isObject() ? plain(token) : JSON.objectNode().put(CONTENT, content);
                FLAGS.forEach(flag -> added.put(flag, added.path(flag).asBoolean()));
                tokens.add(added);
            }
        }
        tokens.forEach(this::add);
        return spaced() | !tokens.isEmpty();
    }

    /** The decoder's tokens by their number, which says nothing but their order. */
    private List<JsonNode> decoder() {
        List<Map.Entry<Integer, JsonNode>> tokens = new ArrayList<>();
        for (Map.Entry<String, JsonNode> token : config.path(DECODER).properties()) {
            String content = token.getValue().path(CONTENT).asText();
            if (!token.getKey().matches("\\d{1,9}") || content.isEmpty()) {
                throw new TrainerException(
                        Fault.MODEL_INVALID,
                        directory.resolve(ModelDirectory.TOKENIZER_CONFIG) + ": " + DECODER
                                + " has an entry that is no token: its name is a token id, its value an object with content");
            }
            tokens.add(Map.entry(Integer.valueOf(token.getKey()), token.getValue()));
        }
        tokens.sort(Map.Entry.comparingByKey());
        return tokens.stream().map(Map.Entry::getValue).toList();
    }

    private List<JsonNode> named() {
        List<JsonNode> named = new ArrayList<>();
        SpecialTokens.NAMES.forEach(name -> named.add(config.path(name)));
        config.path(SpecialTokens.ADDITIONAL).forEach(named::add);
        JsonNode extra = config.path("extra_special_tokens");
        (extra.isObject() ? extra : JSON.objectNode()).forEach(named::add);
        return named;
    }

    private static ObjectNode plain(JsonNode token) {
        ObjectNode plain = JSON.objectNode().put(CONTENT, token.path(CONTENT).asText());
        FLAGS.forEach(flag -> plain.put(flag, token.path(flag).asBoolean()));
        if (!token.has("normalized")) {
            plain.put("normalized", !plain.path(SPECIAL).asBoolean());
        }
        return plain;
    }

    private void add(ObjectNode token) {
        String content = token.path(CONTENT).asText();
        token.put(SPECIAL, token.path(SPECIAL).asBoolean() || special.contains(content));
        Integer word = word(content);
        int id = word == null ? ids.computeIfAbsent(content, c -> next()) : word;
        ids.put(content, id);
        ObjectNode numbered = JSON.objectNode().put("id", id);
        numbered.setAll(token);
        root.withArray(ADDED).add(numbered);
    }

    private @Nullable Integer word(String content) {
        JsonNode vocabulary = root.path("model").path("vocab");
        if (vocabulary instanceof ArrayNode pieces) {
            for (int i = 0; i < pieces.size(); i++) {
                if (pieces.get(i).path(0).asText().equals(content)) {
                    return i;
                }
            }
            return null;
        }
        return vocabulary.has(content) ? vocabulary.path(content).asInt() : null;
    }

    private int next() {
        return Math.max(words, 1 + ids.values().stream().mapToInt(i -> i).max().orElse(-1));
    }

    /** Whether a blank is put before a text is the configuration's to say too, and no where it says nothing. */
    private boolean spaced() {
        JsonNode before = root.path("pre_tokenizer");
        boolean stated = config.path(PREFIX).asBoolean(false);
        if (!before.path(PREFIX).isBoolean() || before.path(PREFIX).booleanValue() == stated) {
            return false;
        }
        ((ObjectNode) before).put(PREFIX, stated);
        return true;
    }
}
