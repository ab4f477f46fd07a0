package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;

/** Refuses samples that the model cannot read, before native code would run beyond its tables. */
public final class SampleCheck {
    private SampleCheck() {}

    /**
     * Checks lengths and token ids.
     *
     * @throws TrainerException {@code DATASET_INVALID} naming the sample by its index, never its content
     */
    public static void check(ModelConfig model, List<EncodedSample> samples, int maxSequenceLength) {
        int most = Math.min(maxSequenceLength, model.maxPositions());
        for (EncodedSample sample : samples) {
            if (sample.length() > most) {
                throw new TrainerException(
                        Fault.DATASET_INVALID,
                        "sample " + sample.index() + " has " + sample.length() + " tokens, the most is " + most
                                + " (maxSequenceLength " + maxSequenceLength + ", the model's context "
                                + model.maxPositions() + ")");
            }
            for (int token : sample.tokens()) {
                if (token < 0 || token >= model.vocabularySize()) {
                    throw new TrainerException(
                            Fault.DATASET_INVALID,
                            "sample " + sample.index()
                                    + " has a token id that the model does not have; its vocabulary is "
                                    + model.vocabularySize());
                }
            }
        }
    }
}
