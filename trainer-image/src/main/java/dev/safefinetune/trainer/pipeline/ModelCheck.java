package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.FiniteWeights;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.trial.TokenizerTrial;
import java.nio.file.Path;
import java.util.List;

/** What holds for a model that a user brings, before any work: the prepare stages ask it, and so does every command. */
public final class ModelCheck {
    private ModelCheck() {}

    /**
     * Checks a model's files, tries its tokenizer in a process of its own, reads its weights once for values that are no numbers,
     * and says which files of weights are not read.
     *
     * @throws TrainerException {@code MODEL_INVALID} naming the file and what is wrong
     */
    public static void require(Path model, EventLog log) {
        ModelDirectory.inspect(model);
        ModelConfig.read(model);
        TokenizerTrial.require(model);
        FiniteWeights.require(model);
        for (String file : Checkpoint.notRead(model)) {
            log.event("file not read", "file", file, "reason", "the model's weights are read from other files");
        }
        tellPickles(model, log);
    }

    /** Says which files of a directory are not read because reading them could run code. */
    static void tellPickles(Path directory, EventLog log) {
        for (String file : ModelDirectory.pickles(directory)) {
            log.event("file not read", "file", file, "reason", "it is a pickle file, which can run code");
        }
    }

    /**
     * Checks that a model can read datasets.
     *
     * @param most tokens of a sample, beside the model's own context
     * @throws TrainerException {@code DATASET_INVALID} naming dataset and line
     */
    public static void requireReadable(Path model, int most, List<Dataset> datasets, EventLog log) {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(model)) {
            Encoder encoder = new Encoder(tokenizer, ModelConfig.read(model), log);
            datasets.forEach(dataset -> encoder.encode(dataset, most));
        }
    }
}
