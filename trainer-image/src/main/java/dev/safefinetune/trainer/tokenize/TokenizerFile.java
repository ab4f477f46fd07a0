package dev.safefinetune.trainer.tokenize;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * A model's {@code tokenizer.json} as transformers makes it: with the tokens that {@code tokenizer_config.json} adds or
 * changes. Checked for what the native tokenizer takes, and fails on later, in the middle of a text.
 */
final class TokenizerFile {
    /** Kinds that have no way but their unknown token to write a word that they do not know. */
    private static final Set<String> WORDS = Set.of("WordLevel", "WordPiece");

    private final Path file;
    private final JsonNode root;
    private final boolean changed;

    private TokenizerFile(Path file, JsonNode root, boolean changed) {
        this.file = file;
        this.root = root;
        this.changed = changed;
    }

    /**
     * Reads and checks a model's tokenizer.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} naming what is wrong
     */
    static TokenizerFile read(Path directory) {
        Path file = directory.resolve(ModelDirectory.TOKENIZER);
        JsonNode root = ModelDirectory.readObject(file);
        TokenizerFile stored = new TokenizerFile(file, root, false);
        stored.checkIds();
        stored.checkUnknown();
        boolean changed = new ConfiguredTokens(directory, (ObjectNode) root).apply();
        return new TokenizerFile(file, root, changed);
    }

    JsonNode root() {
        return root;
    }

    Path path() {
        return file;
    }

    /** What the native tokenizer is to read. Most files need no change, and large ones take long to write again. */
    InputStream open() throws IOException {
        return changed ? new ByteArrayInputStream(root.toString().getBytes(UTF_8)) : Files.newInputStream(file);
    }

    private void checkIds() {
        JsonNode words = root.path("model").path("vocab");
        if (words.isObject()) {
            words.forEach(id -> checkId("model.vocab", id));
        }
        root.path("added_tokens").forEach(token -> checkId("added_tokens", token.path("id")));
    }

    private void checkId(String where, JsonNode id) {
        if (!id.isInt() || id.intValue() < 0) {
            String shown = id.isNumber() ? id.asText() : "no number";
            throw invalid(where + " has a token id that is " + shown + "; ids are whole numbers from 0 to "
                    + Integer.MAX_VALUE);
        }
    }

    private void checkUnknown() {
        JsonNode model = root.path("model");
        String kind = model.path("type").asText("");
        JsonNode unknown = model.path("unk_token");
        if (WORDS.contains(kind) && unknown.isTextual() && !model.path("vocab").has(unknown.textValue())) {
            throw invalid("the unknown token of its " + kind + " model, unk_token, is not in its vocabulary");
        }
    }

    private TrainerException invalid(String what) {
        return new TrainerException(Fault.MODEL_INVALID, file + ": " + what);
    }
}
