package dev.safefinetune.trainer.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a model directory says of special tokens.
 *
 * @param named by the names under which templates know them, such as {@code eos_token}
 * @param ids of all tokens that the tokenizer marks as special
 * @param endOfText ids at which generation stops, as the configurations state them
 */
record SpecialTokens(Map<String, String> named, Set<Integer> ids, Set<Integer> endOfText) {
    private static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    SpecialTokens {
        named = Map.copyOf(named);
        ids = Set.copyOf(ids);
        endOfText = Set.copyOf(endOfText);
    }

    static SpecialTokens read(Path directory) {
        Map<String, String> named = new LinkedHashMap<>();
        for (String file : List.of("special_tokens_map.json", ModelDirectory.TOKENIZER_CONFIG)) {
            if (Files.exists(directory.resolve(file))) {
                JsonNode node = ModelDirectory.readObject(directory.resolve(file));
                NAMES.forEach(name -> put(named, name, node.path(name)));
            }
        }
        Set<Integer> ids = new HashSet<>();
        JsonNode tokenizer = ModelDirectory.readObject(directory.resolve(ModelDirectory.TOKENIZER));
        for (JsonNode token : tokenizer.path("added_tokens")) {
            if (token.path("special").asBoolean()) {
                ids.add(token.path("id").asInt());
            }
        }
        return new SpecialTokens(named, ids, endOfText(directory));
    }

    /** A token is given as text, or as an object with its content. */
    private static void put(Map<String, String> named, String name, JsonNode token) {
        JsonNode content = token.isObject() ? token.path("content") : token;
        if (content.isTextual()) {
            named.put(name, content.textValue());
        }
    }

    private static Set<Integer> endOfText(Path directory) {
        Set<Integer> ids = new HashSet<>();
        for (String file : List.of(ModelDirectory.CONFIG, ModelDirectory.GENERATION_CONFIG)) {
            if (Files.exists(directory.resolve(file))) {
                JsonNode stated =
                        ModelDirectory.readObject(directory.resolve(file)).path("eos_token_id");
                if (stated.isInt()) {
                    ids.add(stated.intValue());
                }
                stated.forEach(id -> ids.add(id.intValue()));
            }
        }
        return ids;
    }
}
