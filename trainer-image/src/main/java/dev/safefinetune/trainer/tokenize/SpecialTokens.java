package dev.safefinetune.trainer.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model directory says of special tokens.
 *
 * @param named by the names under which templates know them, such as {@code eos_token}
 * @param ids of all tokens that the tokenizer marks as special
 * @param texts the same as text
 * @param endOfText ids at which generation stops, as the configurations state them
 */
record SpecialTokens(Map<String, String> named, Set<Integer> ids, Set<String> texts, Set<Integer> endOfText) {
    /** Tokens that are special and stand for nothing that has a name. */
    static final String ADDITIONAL = "additional_special_tokens";

    /** In the order in which transformers adds them. */
    static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    SpecialTokens {
        named = Map.copyOf(named);
        ids = Set.copyOf(ids);
        texts = Set.copyOf(texts);
        endOfText = Set.copyOf(endOfText);
    }

    static SpecialTokens read(Path directory, TokenizerFile tokenizer) {
        Map<String, String> named = new LinkedHashMap<>();
        JsonNode stated = stated(directory);
        for (String name : NAMES) {
            String content = content(stated.path(name));
            if (content != null) {
                named.put(name, content);
            }
        }
        Set<Integer> ids = new HashSet<>();
        Set<String> texts = new HashSet<>();
        for (JsonNode token : tokenizer.root().path("added_tokens")) {
            String text = token.path("content").asText();
            if (token.path("special").asBoolean()) {
                ids.add(token.path("id").asInt());
                texts.add(text);
            }
        }
        texts.removeIf(String::isBlank);
        return new SpecialTokens(named, ids, texts, endOfText(directory));
    }

    /**
     * The configuration with what names special tokens. Where it lists the added tokens it has the last word, as in
     * transformers; else {@code special_tokens_map.json} has it.
     */
    static JsonNode stated(Path directory) {
        Path config = directory.resolve(ModelDirectory.TOKENIZER_CONFIG);
        Path map = directory.resolve("special_tokens_map.json");
        JsonNode stated =
                Files.exists(config) ? ModelDirectory.readObject(config) : JsonNodeFactory.instance.objectNode();
        if (stated.has(ConfiguredTokens.DECODER) || !Files.exists(map)) {
            return stated;
        }
        ObjectNode both = stated.deepCopy();
        for (Map.Entry<String, JsonNode> token : ModelDirectory.readObject(map).properties()) {
            if (token.getKey().equals(ADDITIONAL)
                    && stated.path(ADDITIONAL).isArray()
                    && token.getValue().isArray()) {
                // Of these alone both files' are taken; one that is in both counts once.
                both.withArray(ADDITIONAL).addAll((ArrayNode) token.getValue());
            } else {
                both.set(token.getKey(), token.getValue());
            }
        }
        return both;
    }

    /** A token is given as text, or as an object with its content. */
    static @Nullable String content(JsonNode token) {
        JsonNode content = token.isObject() ? token.path("content") : token;
        return content.isTextual() ? content.textValue() : null;
    }

    /** Whether a text holds one of the tokens, which the tokenizer would take for it. */
    boolean isIn(String text) {
        return texts.stream().anyMatch(text::contains);
    }

    private static Set<Integer> endOfText(Path directory) {
        Set<Integer> ids = new HashSet<>();
        for (String file : List.of(ModelDirectory.CONFIG, ModelDirectory.GENERATION_CONFIG)) {
            if (Files.exists(directory.resolve(file))) {
                JsonNode stated =
                        ModelDirectory.readObject(directory.resolve(file)).path("eos_token_id");
                for (JsonNode id : stated.isArray() ? stated : List.of(stated)) {
                    if (id.isInt()) {
                        ids.add(id.intValue());
                    } else if (!id.isMissingNode() && !id.isNull()) {
                        throw new TrainerException(
                                Fault.MODEL_INVALID,
                                directory.resolve(file) + ": eos_token_id is " + stated
                                        + "; supported is a token id, a list of them, or null");
                    }
                }
            }
        }
        return ids;
    }
}
