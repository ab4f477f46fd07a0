package dev.safefinetune.trainer.tokenize;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The tokens that a model can read. Its tokenizer may know more, and native code would read beyond the table.
 *
 * @param count tokens that the model has an embedding of, from 0
 */
record Embeddings(int count) {
    /** Those of the model beside a tokenizer; without bound where there is no model. */
    static Embeddings of(Path directory) {
        Path config = directory.resolve(ModelDirectory.CONFIG);
        return new Embeddings(
                Files.exists(config)
                        ? ModelDirectory.readObject(config).path("vocab_size").asInt(Integer.MAX_VALUE)
                        : Integer.MAX_VALUE);
    }

    /**
     * The same tokens, if the model can read all of them.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID}; the message begins with a verb, for whoever knows file and line
     */
    int[] known(int[] tokens) {
        for (int token : tokens) {
            if (token >= count) {
                throw new TrainerException(
                        Fault.DATASET_INVALID,
                        "has token id " + token + ", the model's vocabulary ends before " + count
                                + ": its tokenizer.json has more tokens than its config.json's vocab_size");
            }
        }
        return tokens;
    }
}
