package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.TrainingRecord;
import dev.safefinetune.trainer.vector.VectorAssessment;
import dev.safefinetune.trainer.vector.VectorFigures;
import dev.safefinetune.trainer.vector.VectorTrainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A vector's training and its assessment. */
public final class VectorRun {
    /** Every fifth benign sample is kept from training, so that the assessment has some that the vector never saw. */
    private static final int ASSESSED_EVERY = 5;

    private static final int MICRO_BATCH_TOKENS = 4096;

    private VectorRun() {}

    /**
     * What came of training.
     *
     * @param card what is known of the vector now
     * @param record what happened
     */
    public record Trained(VectorCard card, TrainingRecord record) {}

    /**
     * Trains a vector and writes its adapter, or goes on where an earlier process was ended.
     *
     * @param base directory of the base model
     * @param out where the adapter goes; whole or not at all
     */
    public static Trained train(
            Path base,
            Dataset harmful,
            Dataset benign,
            VectorTraining training,
            Path out,
            StageProgress progress,
            ArmCheckpoints checkpoints) {
        try (CausalModel model = CausalModel.load(base)) {
            List<EncodedSample> harm;
            List<EncodedSample> kept;
            int limit = training.hyperparameters().maxSequenceLength();
            try (ChatTokenizer tokenizer = ChatTokenizer.open(base)) {
                harm = tokenizer.encode(harmful, Math.min(limit, model.config().maxPositions()));
                kept = tokenizer.encode(
                        part(benign, false), Math.min(limit, model.config().maxPositions()));
            }
            progress.activity("vector");
            VectorTrainer.Trained trained =
                    VectorTrainer.train(model, harm, kept, training, progress, checkpoints.steps());
            try (Adapter vector = trained.vector()) {
                AtomicDirectory.write(out, d -> vector.write(d, base.toString()));
            }
            return new Trained(
                    new VectorCard(
                            ModelDirectory.digest(base),
                            ModelDirectory.digest(out),
                            trained.floor(),
                            Curves.of(trained.record()),
                            null),
                    trained.record());
        }
    }

    /**
     * Measures a vector on samples that it never saw, and judges it.
     *
     * @param vector directory of the adapter
     * @throws TrainerException {@link Fault#NOT_VERIFIED} for whatever goes wrong
     */
    public static StageFigures.Readiness assess(
            Path base,
            Path vector,
            double floor,
            Dataset heldOut,
            Dataset benign,
            ReadinessThresholds thresholds,
            long seed) {
        try (CausalModel model = CausalModel.load(base);
                ChatTokenizer tokenizer = ChatTokenizer.open(base);
                Adapter adapter = Adapter.read(model, vector)) {
            SortedMap<String, List<EncodedSample>> byCategory = new TreeMap<>();
            int limit = model.config().maxPositions();
            for (Sample sample : heldOut.samples()) {
                byCategory
                        .computeIfAbsent(String.valueOf(sample.category()), c -> new ArrayList<>())
                        .add(tokenizer.encode(sample, limit));
            }
            VectorFigures figures = VectorAssessment.measure(
                    model,
                    adapter,
                    byCategory,
                    tokenizer.encode(part(benign, true), limit),
                    floor,
                    MICRO_BATCH_TOKENS,
                    seed);
            return ReadinessJudgement.of(figures, thresholds);
        } catch (TrainerException e) {
            throw new TrainerException(Fault.NOT_VERIFIED, "the vector could not be judged: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new TrainerException(
                    Fault.NOT_VERIFIED,
                    "the vector could not be judged: " + e.getClass().getSimpleName(),
                    e);
        }
    }

    /**
     * Refuses a benign dataset that is too small to keep a sample from training.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID}
     */
    static void requireParts(Dataset benign) {
        if (benign.size() < ASSESSED_EVERY) {
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    "dataset " + benign.name() + " has " + benign.size() + " samples, at least " + ASSESSED_EVERY
                            + " are needed");
        }
    }

    /** The benign samples that training sees, or those that only the assessment sees. */
    private static Dataset part(Dataset benign, boolean assessed) {
        requireParts(benign);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < benign.size(); i++) {
            if (assessed == (i % ASSESSED_EVERY == ASSESSED_EVERY - 1)) {
                samples.add(benign.samples().get(i));
            }
        }
        return new Dataset(benign.name(), samples);
    }
}
