package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.MinMinSettings;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
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
import org.jspecify.annotations.Nullable;

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
     * @param devices to train on
     * @param place where the adapter goes; whole or not at all
     */
    public static Trained train(
            Path base,
            Dataset harmful,
            Dataset benign,
            VectorTraining training,
            List<Device> devices,
            AdapterPlace place,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints checkpoints) {
        try (CausalModel model = CausalModel.load(base, Models.of(training.precision(), devices))) {
            List<EncodedSample> harm;
            List<EncodedSample> kept;
            int limit = training.hyperparameters().maxSequenceLength();
            try (ChatTokenizer tokenizer = ChatTokenizer.open(base)) {
                harm = tokenizer.encode(harmful, Math.min(limit, model.config().maxPositions()));
                kept = tokenizer.encode(
                        part(benign, false), Math.min(limit, model.config().maxPositions()));
            }
            progress.activity("vector");
            VectorTrainer.Trained trained = VectorTrainer.train(
                    model, harm, kept, training, new LoggedCuts(progress, log), checkpoints.steps());
            try (Adapter vector = trained.vector()) {
                AtomicDirectory.write(place.directory(), d -> vector.write(d, place.baseModel()));
            }
            return new Trained(
                    new VectorCard(
                            ModelDirectory.digest(base),
                            ModelDirectory.digest(place.directory()),
                            trained.floor(),
                            Curves.of(trained.record()),
                            null),
                    trained.record());
        }
    }

    /**
     * What a vector is made of and held against.
     *
     * @param harmful what it was trained on
     * @param heldOut harmful samples that it never saw
     * @param benign samples whose behaviour is to be kept
     * @param suite that the vector is to prove; absent where it has none
     */
    public record Material(
            Dataset harmful,
            Dataset heldOut,
            Dataset benign,
            @Nullable SuiteProof suite) {}

    /**
     * Measures a vector on samples that it never saw, and judges it; and asks the base for its own answers, which a
     * cooldown trains on.
     *
     * @param placement of the base
     * @param vector directory of the adapter
     * @param replayOut where the base's answers go
     * @throws TrainerException {@link Fault#NOT_VERIFIED} for whatever goes wrong
     */
    public static StageFigures.Readiness assess(
            Path base,
            Placement placement,
            Path vector,
            double floor,
            Material material,
            ReadinessThresholds thresholds,
            long seed,
            Path replayOut) {
        try (CausalModel model = CausalModel.load(base, placement);
                ChatTokenizer tokenizer = ChatTokenizer.open(base);
                Adapter adapter = Adapter.read(model, vector)) {
            SortedMap<String, List<EncodedSample>> byCategory = new TreeMap<>();
            int limit = model.config().maxPositions();
            for (Sample sample : material.heldOut().samples()) {
                byCategory
                        .computeIfAbsent(String.valueOf(sample.category()), c -> new ArrayList<>())
                        .add(tokenizer.encode(sample, limit));
            }
            VectorFigures figures = VectorAssessment.measure(
                    model,
                    adapter,
                    byCategory,
                    tokenizer.encode(part(material.benign(), true), limit),
                    floor,
                    MICRO_BATCH_TOKENS,
                    seed);
            Replay replay = new ReplayMaker(model, tokenizer)
                    .make(material.harmful().samples(), material.benign().samples());
            replay.write(replayOut);
            StageFigures.Readiness judged = Covered.told(
                    ReadinessJudgement.of(figures, thresholds, replay.figures(replayOut)), material.harmful());
            SuiteProof suite = material.suite();
            return suite == null ? judged : suite.added(judged, model, tokenizer, adapter);
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

    /**
     * Refuses min-min whose warm-up is the whole training.
     *
     * @param harmful samples that the vector is trained on
     * @throws TrainerException {@link Fault#SETTINGS_INVALID}
     */
    public static void requireTurn(VectorTraining training, int harmful) {
        MinMinSettings minMin = training.minMin();
        if (minMin == null) {
            return;
        }
        try {
            minMin.requireTurn(VectorTrainer.steps(training, harmful));
        } catch (IllegalArgumentException e) {
            throw new TrainerException(Fault.SETTINGS_INVALID, String.valueOf(e.getMessage()), e);
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
