package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks what a vector is trained from, and leaves private copies. */
final class PrepareVectorStage {
    /** Fewer samples say too little of a harm to cover it. */
    static final int MIN_HARMFUL = 30;

    /** Every fifth sample of a category is held out where no other held-out samples are given. */
    private static final int HELD_OUT_EVERY = 5;

    private final StageTask.PrepareVector task;
    private final StageContext context;
    private final Scratch scratch;
    private final Intake intake;

    PrepareVectorStage(StageTask.PrepareVector task, StageContext context) {
        this.task = task;
        this.context = context;
        this.scratch = context.scratch(task.scratch());
        this.intake = new Intake(context, scratch);
    }

    StageOutput run() {
        return intake.named(task.storage(), this::prepare);
    }

    private StageOutput prepare() {
        AtomicDirectory.checkWritable(context.root().resolve(task.storage().path()));
        context.progress().begin("model", 0, 50);
        intake.model(task.model());
        context.progress().begin("datasets", 50, 100);
        try (CausalModel model = CausalModel.load(scratch.model());
                ChatTokenizer tokenizer = ChatTokenizer.open(scratch.model())) {
            var hyperparameters = task.training().hyperparameters();
            Adapter.create(model, task.training().lora(), hyperparameters.seed())
                    .close();
            List<EncodedSample> encoded =
                    datasets(new Encoder(tokenizer, model.config()), hyperparameters.maxSequenceLength());
            intake.sources().write(scratch.sources());
            List<String> artifacts = new ArrayList<>(intake.artifacts());
            artifacts.add(Inputs.SOURCES);
            int longest = encoded.stream().mapToInt(EncodedSample::length).max().orElse(0);
            return new StageOutput(
                    scratch.state(artifacts),
                    new StageFigures.Data(
                            encoded.size(),
                            encoded.stream().mapToLong(EncodedSample::length).sum(),
                            encoded.stream()
                                    .mapToLong(EncodedSample::answerTokens)
                                    .sum(),
                            longest,
                            MemoryPlan.bytes(
                                    model.config(),
                                    MemoryPlan.Stored.of(scratch.model()),
                                    hyperparameters,
                                    task.training().lora(),
                                    longest)));
        }
    }

    private List<EncodedSample> datasets(Encoder encoder, int most) {
        Dataset harmful = intake.read(task.harmful());
        if (harmful.size() < MIN_HARMFUL) {
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    "dataset " + harmful.name() + " has " + harmful.size() + " samples, a vector needs at least "
                            + MIN_HARMFUL);
        }
        requireCategories(harmful);
        List<EncodedSample> encoded = new ArrayList<>(encoder.encode(harmful, most));
        Source heldOutSource = task.heldOut();
        if (heldOutSource == null) {
            holdOut(harmful);
        } else {
            Dataset heldOut = intake.read(heldOutSource);
            requireCategories(heldOut);
            encoder.encode(heldOut, most);
            intake.keep(Inputs.HARMFUL, task.harmful(), harmful.samples());
            intake.keep(Inputs.HELD_OUT, heldOutSource, heldOut.samples());
        }
        Dataset benign = intake.read(task.benign());
        encoded.addAll(encoder.encode(benign, most));
        intake.keep(Inputs.BENIGN, task.benign(), benign.samples());
        return encoded;
    }

    private void holdOut(Dataset harmful) {
        Map<String, Integer> seen = new HashMap<>();
        List<Sample> train = new ArrayList<>();
        List<Sample> heldOut = new ArrayList<>();
        for (Sample sample : harmful.samples()) {
            int count = seen.merge(String.valueOf(sample.category()), 1, Integer::sum);
            (count % HELD_OUT_EVERY == 0 ? heldOut : train).add(sample);
        }
        if (heldOut.isEmpty()) {
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    "dataset " + harmful.name() + " has no category with at least " + HELD_OUT_EVERY
                            + " samples, so none can be held out; give a held-out dataset");
        }
        intake.keep(Inputs.HARMFUL, task.harmful(), train);
        intake.keep(Inputs.HELD_OUT, task.harmful(), heldOut);
    }

    private static void requireCategories(Dataset dataset) {
        for (Sample sample : dataset.samples()) {
            if (sample.category() == null) {
                throw new TrainerException(
                        Fault.DATASET_INVALID,
                        "dataset " + dataset.name() + " line " + sample.line() + " has no category");
            }
        }
    }
}
