package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Encodes datasets for a model, refuses by dataset and line what the model cannot read, and says what it reads otherwise than
 * it may be meant.
 *
 * @param tokenizer the model's
 * @param model how long its context is
 * @param log where it is said
 */
public record Encoder(ChatTokenizer tokenizer, ModelConfig model, EventLog log) {
    /** Lines that are named; how many there are is said as well. */
    private static final int NAMED = 10;

    /** Samples of the model's whole context. */
    public List<EncodedSample> encode(Dataset dataset) {
        return encode(dataset, Integer.MAX_VALUE);
    }

    /**
     * Shorter ones.
     *
     * @param most tokens of a sample
     */
    public List<EncodedSample> encode(Dataset dataset, int most) {
        List<EncodedSample> encoded = tokenizer.encode(dataset, Math.min(most, model.maxPositions()));
        List<Integer> lines = tokenizer.linesWithSpecialTokens(dataset);
        if (!lines.isEmpty()) {
            log.event(
                    "special tokens inside of texts",
                    "dataset",
                    dataset.name(),
                    "rows",
                    lines.size(),
                    "lines",
                    lines.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(",")),
                    "meaning",
                    "the model reads them as its own; a text that a chat template wrote already gets another one around it");
        }
        return encoded;
    }
}
