package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.model.ModelConfig;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;

/**
 * Encodes datasets for a model, and refuses by dataset and line what the model cannot read.
 *
 * @param tokenizer the model's
 * @param model how long its context is, and of which tokens it has an embedding
 */
record Encoder(ChatTokenizer tokenizer, ModelConfig model) {
    /** Samples of the model's whole context. */
    List<EncodedSample> encode(Dataset dataset) {
        return encode(dataset, Integer.MAX_VALUE);
    }

    /**
     * Shorter ones.
     *
     * @param most tokens of a sample
     */
    List<EncodedSample> encode(Dataset dataset, int most) {
        return tokenizer.encode(dataset, Math.min(most, model.maxPositions()), model.vocabularySize());
    }
}
