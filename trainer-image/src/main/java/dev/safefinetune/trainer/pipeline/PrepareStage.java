package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
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
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
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
        Destination.MODEL.check(context.root().resolve(task.output().path()));
        context.progress().begin("model", 0, 50);
        Digest model = intake.model(task.model());
        checkVector(task.vector(), model);
        context.progress().begin("datasets", 50, 100);
        try (CausalModel loaded = CausalModel.load(scratch.model());
                ChatTokenizer tokenizer = ChatTokenizer.open(scratch.model())) {
            MemoryPlan.Stored stored = MemoryPlan.Stored.of(scratch.model());
            requireTrainable(task.fineTuning().method(), stored.parameters());
            checkTargets(loaded, task.fineTuning());
            List<EncodedSample> train = datasets(new Encoder(tokenizer, loaded.config()));
            intake.sources().write(scratch.sources());
            List<String> artifacts = new ArrayList<>(intake.artifacts());
            artifacts.add(Inputs.SOURCES);
            return new StageOutput(scratch.state(artifacts), figures(loaded, stored, train));
        }
    }

    private List<EncodedSample> datasets(Encoder encoder) {
        int most = task.fineTuning().hyperparameters().maxSequenceLength();
        Dataset dataset = intake.read(task.dataset());
        List<EncodedSample> encoded = encoder.encode(dataset, most);
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
            encoder.encode(trusted, most);
            intake.keep(Inputs.COOLDOWN, cooldown, trusted.samples());
        }
        suite(encoder);
        return encoded;
    }

    private void suite(Encoder encoder) {
        Dataset prompts = intake.read(task.prompts());
        Source utilitySource = task.utility();
        Dataset utility = utilitySource == null ? null : intake.read(utilitySource);
        Suite.of(prompts, utility);
        encoder.encode(prompts);
        intake.keep(Inputs.PROMPTS, task.prompts(), prompts.samples());
        if (utility != null && utilitySource != null) {
            encoder.encode(utility);
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

    /** A full fine-tune has all parameters in one piece of memory, and counts places in it in 32 bits. */
    static void requireTrainable(FineTuning.Method method, long parameters) {
        if (method == FineTuning.Method.FULL && parameters > Integer.MAX_VALUE) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "the model has " + parameters + " parameters, method Full trains at most " + Integer.MAX_VALUE
                            + "; use LoRA");
        }
    }

    private StageFigures.Data figures(CausalModel model, MemoryPlan.Stored stored, List<EncodedSample> encoded) {
        int longest = encoded.stream().mapToInt(EncodedSample::length).max().orElse(0);
        FineTuning settings = task.fineTuning();
        long planned = MemoryPlan.bytes(model.config(), stored, settings.hyperparameters(), settings.lora(), longest);
        context.log().event("prepared", "samples", encoded.size(), "longest", longest, "plannedBytes", planned);
        return new StageFigures.Data(
                encoded.size(),
                encoded.stream().mapToLong(EncodedSample::length).sum(),
                encoded.stream().mapToLong(EncodedSample::answerTokens).sum(),
                longest,
                planned);
    }
}
