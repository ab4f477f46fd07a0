package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.SuiteSource;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Checks what a vector is trained from, and leaves private copies. */
final class PrepareVectorStage {
    /** Fewer samples say too little of a harm to cover it. */
    static final int MIN_HARMFUL = 30;

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
        Destination.VECTOR.check(context.destination(task.storage()));
        context.progress().begin("model", 0, 50);
        intake.model(task.model());
        context.progress().begin("datasets", 50, 100);
        try (CausalModel model = CausalModel.load(scratch.model());
                ChatTokenizer tokenizer = ChatTokenizer.open(scratch.model())) {
            var hyperparameters = task.training().hyperparameters();
            Adapter.create(model, task.training().lora(), hyperparameters.seed())
                    .close();
            List<EncodedSample> encoded = datasets(
                    new Encoder(tokenizer, model.config(), context.log()), hyperparameters.maxSequenceLength());
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
                                    model.config(), MemoryPlan.Stored.of(scratch.model()), task.training(), longest)));
        }
    }

    private List<EncodedSample> datasets(Encoder encoder, int most) {
        Dataset harmful = intake.read(task.harmful());
        if (harmful.size() < MIN_HARMFUL) {
            throw invalid(harmful, "has " + harmful.size() + " samples, a vector needs at least " + MIN_HARMFUL);
        }
        requireCategories(harmful);
        List<EncodedSample> encoded = new ArrayList<>(encoder.encode(harmful, most));
        Source heldOutSource = task.heldOut();
        if (heldOutSource == null) {
            holdOut(harmful);
        } else {
            Dataset heldOut = intake.read(heldOutSource);
            requireCategories(heldOut);
            requireAssessed(harmful, heldOut);
            HeldOut.require(heldOut, harmful, task.thresholds());
            AssessmentRoom.require(context.run(), heldOut);
            encoder.encode(heldOut, most);
            VectorRun.requireTurn(task.training(), harmful.size());
            intake.keep(Inputs.HARMFUL, task.harmful(), harmful.samples());
            intake.keep(Inputs.HELD_OUT, heldOutSource, heldOut.samples());
        }
        Dataset benign = intake.read(task.benign());
        VectorRun.requireParts(benign);
        encoded.addAll(encoder.encode(benign, most));
        intake.keep(Inputs.BENIGN, task.benign(), benign.samples());
        suite(encoder, harmful);
        return encoded;
    }

    private void suite(Encoder encoder, Dataset harmful) {
        SuiteSource source = task.suite();
        if (source == null) {
            return;
        }
        SuiteIntake taken = SuiteIntake.read(intake, source);
        // Refused before anything is trained, where it is no suite.
        taken.suite();
        SuiteProof.requireCategories(taken.prompts(), harmful);
        taken.keep(encoder);
    }

    private void holdOut(Dataset harmful) {
        HeldOut.Parts parts = HeldOut.split(harmful, task.thresholds());
        AssessmentRoom.require(context.run(), harmful);
        VectorRun.requireTurn(task.training(), parts.train().size());
        intake.keep(Inputs.HARMFUL, task.harmful(), parts.train());
        intake.keep(Inputs.HELD_OUT, task.harmful(), parts.heldOut());
    }

    /** A category that the vector learns and is not assessed on would be said to be covered, and nobody would know. */
    private static void requireAssessed(Dataset harmful, Dataset heldOut) {
        Set<String> assessed = categories(heldOut);
        for (String category : categories(harmful)) {
            if (!assessed.contains(category)) {
                throw invalid(
                        heldOut,
                        "has no sample of category " + category + ", which dataset " + harmful.name()
                                + " has; give at least one, or give no held-out dataset");
            }
        }
    }

    private static SortedSet<String> categories(Dataset dataset) {
        SortedSet<String> categories = new TreeSet<>();
        dataset.samples().forEach(s -> categories.add(String.valueOf(s.category())));
        return categories;
    }

    private static void requireCategories(Dataset dataset) {
        for (Sample sample : dataset.samples()) {
            if (sample.category() == null) {
                throw invalid(dataset, "line " + sample.line() + " has no category");
            }
        }
    }

    private static TrainerException invalid(Dataset dataset, String what) {
        return new TrainerException(Fault.DATASET_INVALID, "dataset " + dataset.name() + " " + what);
    }
}
