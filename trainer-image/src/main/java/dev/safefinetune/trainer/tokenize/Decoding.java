package dev.safefinetune.trainer.tokenize;

import dev.safefinetune.trainer.store.ModelDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What transformers does to a text that it made of ids.
 *
 * @param cleaned whether blanks before marks of punctuation go, as {@code clean_up_tokenization_spaces} asks for
 */
record Decoding(boolean cleaned) {
    /** In this order; each goes but for its first character, which is the blank, and what stands behind a quote. */
    private static final List<String> SHORTENED =
            List.of(" .", " ?", " !", " ,", " ' ", " n't", " 'm", " 's", " 've", " 're");

    /** That of a model directory; where it says nothing, nothing is done. */
    static Decoding of(Path directory) {
        Path config = directory.resolve(ModelDirectory.TOKENIZER_CONFIG);
        return new Decoding(Files.exists(config)
                && ModelDirectory.readObject(config)
                        .path("clean_up_tokenization_spaces")
                        .asBoolean(false));
    }

    String clean(String text) {
        String clean = text;
        for (String part : cleaned ? SHORTENED : List.<String>of()) {
            clean = clean.replace(part, part.strip());
        }
        return clean;
    }
}
