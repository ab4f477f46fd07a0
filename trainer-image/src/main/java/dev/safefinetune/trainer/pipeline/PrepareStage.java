package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Split;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.StoredTensor;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks everything that a user can get wrong, and leaves private copies that nobody can change between check and use. */
final class PrepareStage {
    private final StageTask.Prepare task;
    private final StageContext context;
    private final Scratch scratch;
    private final Intake intake;

    PrepareStage(StageTask.Prepare task, StageContext context) {
        this.task = task;
        this.context = context;
        this.scratch = context.scratch(task.scratch());
        this.intake = new Intake(context, scratch);
    }

    StageOutput run() {
        return intake.named(task.output(), this::prepare);
    }

    private StageOutput prepare() {
        AtomicDirectory.checkWritable(context.root().resolve(task.output().path()));
        context.progress().begin("model", 0, 50);
        Digest model = intake.model(task.model());
        checkVector(task.vector(), model);
        context.progress().begin("datasets", 50, 100);
        try (CausalModel loaded = CausalModel.load(scratch.model());
                ChatTokenizer tokenizer = ChatTokenizer.open(scratch.model())) {
            checkTargets(loaded, task.fineTuning());
            int context = loaded.config().maxPositions();
            int limit = Math.min(context, task.fineTuning().hyperparameters().maxSequenceLength());
            List<EncodedSample> train = datasets(tokenizer, limit, context);
            intake.sources().write(scratch.sources());
            List<String> artifacts = new ArrayList<>(intake.artifacts());
            artifacts.add(Inputs.SOURCES);
            return new StageOutput(scratch.state(artifacts), figures(loaded, train));
        }
    }

    private List<EncodedSample> datasets(ChatTokenizer tokenizer, int limit, int context) {
        Dataset dataset = intake.read(task.dataset());
        List<EncodedSample> encoded = tokenizer.encode(dataset, limit);
        Split split = Split.of(
                dataset,
                task.validationPercent(),
                task.fineTuning().hyperparameters().seed());
        intake.keep(Inputs.DATASET, task.dataset(), split.train());
        if (!split.heldOut().isEmpty()) {
            intake.keep(Inputs.VALIDATION, task.dataset(), split.heldOut());
        }
        Source cooldown = task.cooldown();
        if (cooldown != null) {
            Dataset trusted = intake.read(cooldown);
            tokenizer.encode(trusted, limit);
            intake.keep(Inputs.COOLDOWN, cooldown, trusted.samples());
        }
        suite(tokenizer, context);
        return encoded;
    }

    private void suite(ChatTokenizer tokenizer, int context) {
        Dataset prompts = intake.read(task.prompts());
        Source utilitySource = task.utility();
        Dataset utility = utilitySource == null ? null : intake.read(utilitySource);
        Suite.of(prompts, utility);
        tokenizer.encode(prompts, context);
        intake.keep(Inputs.PROMPTS, task.prompts(), prompts.samples());
        if (utility != null && utilitySource != null) {
            tokenizer.encode(utility, context);
            intake.keep(Inputs.UTILITY, utilitySource, utility.samples());
        }
    }

    private void checkVector(StageTask.@Nullable Vector vector, Digest model) {
        if (vector != null) {
            Vectors.check(context.path(vector.source()), vector, model);
        }
    }

    /** Target modules are checked by making the adapter that training will make. */
    private static void checkTargets(CausalModel model, FineTuning fineTuning) {
        LoraSettings lora = fineTuning.lora();
        if (lora != null) {
            Adapter.create(model, lora, fineTuning.hyperparameters().seed()).close();
        }
    }

    private StageFigures.Data figures(CausalModel model, List<EncodedSample> encoded) {
        int longest = encoded.stream().mapToInt(EncodedSample::length).max().orElse(0);
        FineTuning settings = task.fineTuning();
        long planned = plannedBytes(model, scratch.model(), settings.hyperparameters(), settings.lora(), longest);
        context.log().event("prepared", "samples", encoded.size(), "longest", longest, "plannedBytes", planned);
        return new StageFigures.Data(
                encoded.size(),
                encoded.stream().mapToLong(EncodedSample::length).sum(),
                encoded.stream().mapToLong(EncodedSample::answerTokens).sum(),
                longest,
                planned);
    }

    static long plannedBytes(
            CausalModel model,
            Path directory,
            Hyperparameters hyperparameters,
            @Nullable LoraSettings lora,
            int longest) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            long parameters = checkpoint.tensors().values().stream()
                    .mapToLong(StoredTensor::elements)
                    .sum();
            return MemoryPlan.bytes(model.config(), parameters, hyperparameters, lora, longest);
        }
    }
}
