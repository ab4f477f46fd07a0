package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FlaggedRow;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.FrozenVectors;
import dev.safefinetune.trainer.train.GateThresholds;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.TokenMask;
import dev.safefinetune.trainer.train.TokenThresholds;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What vectors say of a dataset, by the thresholds that a run with them has. */
public final class DatasetScreening {
    private DatasetScreening() {}

    /**
     * Rows that are probably harmful, whole or in part.
     *
     * @param base directory of the base model
     * @param vector made for it, with thresholds
     * @param microBatchTokens most tokens in one pass
     * @return in the order of the dataset
     */
    public static List<FlaggedRow> of(Path base, VectorFiles vector, Dataset dataset, int microBatchTokens) {
        if (dataset.isText()) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "a dataset of format text cannot be screened: the vector's thresholds are for answers to requests");
        }
        GateThresholds samples = Objects.requireNonNull(vector.thresholds(null), "a vector without thresholds");
        boolean inPart = vector.tokenThresholds() != null;
        List<TokenThresholds> tokens = vector.tokenThresholds(samples);
        try (CausalModel model = CausalModel.load(base);
                ChatTokenizer tokenizer = ChatTokenizer.open(base);
                FrozenVectors vectors = vector.open(model)) {
            List<EncodedSample> encoded =
                    tokenizer.encode(dataset, model.config().maxPositions());
            return vectors
                    .screen(model, encoded, microBatchTokens, losses -> {
                        TokenMask mark = losses.mask(tokens);
                        SampleDrop drop = losses.sample(samples);
                        return Curves.isFlagged(drop, samples, mark, inPart)
                                ? Optional.of(Curves.row(drop, samples, mark))
                                : Optional.<FlaggedRow>empty();
                    })
                    .stream()
                    .flatMap(Optional::stream)
                    .toList();
        }
    }
}
