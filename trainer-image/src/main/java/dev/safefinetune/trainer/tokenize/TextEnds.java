package dev.safefinetune.trainer.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a tokenizer puts around a plain text where its class decides it, and not {@code tokenizer.json}: some classes
 * of transformers replace what that file says by {@code add_bos_token} and {@code add_eos_token} of their configuration.
 *
 * @param begin the token before a text; absent where there is none
 * @param end the token behind it; absent where there is none
 */
record TextEnds(@Nullable String begin, @Nullable String end) {
    private static final TextEnds LLAMA = new TextEnds("<s>", "</s>");
    private static final TextEnds GEMMA = new TextEnds("<bos>", "<eos>");
    private static final TextEnds NEOX = new TextEnds("<|endoftext|>", "<|endoftext|>");

    /** Such classes, by their names without {@code Fast}, with the tokens that they take where none are named. */
    private static final Map<String, TextEnds> CLASSES = Map.of(
            "LlamaTokenizer", LLAMA, "CodeLlamaTokenizer", LLAMA, "GemmaTokenizer", GEMMA, "GPTNeoXTokenizer", NEOX);

    /** The class of a model whose tokenizer names none. */
    private static final Map<String, TextEnds> MODELS = Map.of(
            "llama",
            LLAMA,
            "mistral",
            LLAMA,
            "phi3",
            LLAMA,
            "gemma2",
            GEMMA,
            "gemma3",
            GEMMA,
            "gemma3_text",
            GEMMA,
            "olmo2",
            NEOX);

    /** What the class of a model's tokenizer decides; nothing where it leaves that to {@code tokenizer.json}. */
    static Optional<TextEnds> read(Path directory, Map<String, String> named) {
        JsonNode config = object(directory.resolve(ModelDirectory.TOKENIZER_CONFIG));
        TextEnds own = own(config, object(directory.resolve(ModelDirectory.CONFIG)));
        if (own == null) {
            return Optional.empty();
        }
        boolean begins = config.path("add_bos_token").asBoolean(own != NEOX);
        boolean ends = config.path("add_eos_token").asBoolean(false);
        return Optional.of(new TextEnds(
                begins ? named.getOrDefault("bos_token", own.begin) : null,
                ends ? named.getOrDefault("eos_token", own.end) : null));
    }

    /**
     * A text with its ends. One that begins with its first token itself, as chat templates write it, gets no other.
     *
     * @param text its ids
     * @param ids of other texts; a token that the vocabulary does not have is none
     */
    int[] around(int[] text, Function<String, int[]> ids) {
        int[] first = token(begin, ids);
        boolean begun = first.length == 1 && text.length > 0 && text[0] == first[0];
        return Stream.of(begun ? new int[0] : first, text, token(end, ids))
                .flatMapToInt(Arrays::stream)
                .toArray();
    }

    private static int[] token(@Nullable String token, Function<String, int[]> ids) {
        int[] found = token == null ? new int[0] : ids.apply(token);
        return found.length == 1 ? found : new int[0];
    }

    private static @Nullable TextEnds own(JsonNode tokenizer, JsonNode model) {
        String name = tokenizer.path("tokenizer_class").asText("");
        return name.isEmpty()
                ? MODELS.get(model.path("model_type").asText(""))
                : CLASSES.get(name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name);
    }

    private static JsonNode object(Path file) {
        return Files.exists(file) ? ModelDirectory.readObject(file) : MissingNode.getInstance();
    }
}
