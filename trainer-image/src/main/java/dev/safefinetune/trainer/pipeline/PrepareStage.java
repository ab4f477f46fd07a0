package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JudgeInput;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.SuiteSource;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.data.Split;
import dev.safefinetune.trainer.evaluate.Answer;
import dev.safefinetune.trainer.evaluate.ExamOverlap;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.evaluate.SuitePart;
import dev.safefinetune.trainer.evaluate.judge.JudgeModel;
import dev.safefinetune.trainer.evaluate.shape.Shape;
import dev.safefinetune.trainer.evaluate.shape.ShapeFinder;
import dev.safefinetune.trainer.evaluate.shape.Shapes;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks everything that a user can get wrong, and leaves private copies that nobody can change between check and use. */
final class PrepareStage {
    private final StageTask.Prepare task;
    private final StageContext context;
    private final Scratch scratch;
    private final Intake intake;
    private final RepairIntake repair;

    /** What the run learns from, once it is read. */
    private final List<Dataset> trained = new ArrayList<>();

    /** Suites of the platform, once they are fetched. */
    private PlatformSuites platform = PlatformSuites.NONE;

    /** Harmful requests of the suites that the verdict is read off, once they are read. */
    private int requests;

    PrepareStage(StageTask.Prepare task, StageContext context) {
        this.task = task;
        this.context = context;
        this.scratch = context.scratch(task.scratch());
        this.intake = new Intake(context, scratch);
        this.repair = new RepairIntake(task, context, scratch, intake);
    }

    StageOutput run() {
        return intake.named(task.output(), this::prepare);
    }

    private StageOutput prepare() {
        Destination.MODEL.check(context.destination(task.output()));
        if (task.judge() != null) {
            // Before files are copied, which takes long.
            JudgeModel.check(task.judge().settings());
        }
        platform = PlatformSuites.fetch(task.served(), context.operator(), null);
        intake.leave(platform.uris());
        context.progress().begin("model", 0, 50);
        Digest model = intake.model(task.model());
        checkVectors(vectors(), model);
        if (task.judge() != null) {
            intake.judge(task.judge());
        }
        context.progress().begin("datasets", 50, 100);
        try (CausalModel loaded = CausalModel.load(scratch.model());
                ChatTokenizer tokenizer = ChatTokenizer.open(scratch.model())) {
            MemoryPlan.Stored stored = MemoryPlan.Stored.of(scratch.model());
            requireTrainable(task.fineTuning().method(), stored.parameters());
            checkTargets(loaded, task.fineTuning());
            List<EncodedSample> train = datasets(new Encoder(tokenizer, loaded.config(), context.log()));
            requireRefusals(tokenizer);
            List<String> forRepair = repair.keep();
            intake.sources().write(scratch.sources());
            List<String> artifacts = new ArrayList<>(intake.artifacts());
            artifacts.addAll(List.of(Inputs.SOURCES, Inputs.SHAPES));
            artifacts.addAll(forRepair);
            return new StageOutput(
                    scratch.state(artifacts).plus(Inputs.of(platform.digests())), figures(loaded, stored, train));
        }
    }

    private void requireRoom(Suite suite) {
        JudgeInput judge = task.judge();
        if (judge != null) {
            try (JudgeModel loaded = JudgeModel.open(scratch.judge(), Placement.PROCESSORS, judge.settings())) {
                loaded.requireRoom(suite.prompts(), Answer.MOST_TOKENS);
            }
        }
    }

    private List<EncodedSample> datasets(Encoder encoder) {
        int most = task.fineTuning().hyperparameters().maxSequenceLength();
        Dataset dataset = intake.readTraining(task.dataset(), task.format());
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
            Dataset trusted = intake.readTraining(cooldown, task.format());
            encoder.encode(trusted, most);
            intake.keep(Inputs.COOLDOWN, cooldown, trusted.samples());
            trained.add(trusted);
        }
        trained.add(dataset);
        keepShapes(split.train(), suite(encoder), encoder);
        return encoded;
    }

    /** All that is asked; the platform's suites and the others are judged apart, and each has to be enough by itself. */
    private Suite suite(Encoder encoder) {
        List<SuiteIntake> taken = new ArrayList<>();
        for (SuiteSource source : suites()) {
            taken.add(SuiteIntake.read(intake, source, taken.size() + 1));
        }
        List<SuitePart.Source> own = taken.stream().map(SuiteIntake::part).toList();
        List<Suite> judges = Stream.of(platform.suites(), own)
                .filter(group -> !group.isEmpty())
                .map(SuitePart::join)
                .toList();
        judges.forEach(this::require);
        // The verdict is read off the first, of which a repair asks halves.
        if (task.thresholds() != null) {
            repair.require(judges.getFirst());
        }
        taken.forEach(each -> each.keep(encoder));
        platform.suites().forEach(each -> encode(each, encoder));
        requests = judges.getFirst().prompts().size();
        return SuitePart.join(
                Stream.concat(platform.suites().stream(), own.stream()).toList());
    }

    private void require(Suite suite) {
        ExamOverlap exam = new ExamOverlap(suite.prompts());
        trained.forEach(dataset -> exam.refuse(dataset.samples(), dataset.name()));
        EvaluationThresholds thresholds = task.thresholds();
        if (thresholds != null) {
            suite.requireEnough(thresholds);
        }
        requireRoom(suite);
    }

    private static void encode(SuitePart.Source suite, Encoder encoder) {
        encoder.encode(suite.prompts());
        Dataset utility = suite.utility();
        if (utility != null) {
            encoder.encode(utility);
        }
    }

    /** The run's own, and those that come with its vectors; one that several of them name is asked once. */
    private List<SuiteSource> suites() {
        List<SuiteSource> suites = new ArrayList<>();
        Source prompts = task.prompts();
        if (prompts != null) {
            suites.add(new SuiteSource(prompts, task.utility()));
        }
        for (VectorInput each : vectors()) {
            if (each.suite() != null) {
                suites.add(each.suite());
            }
        }
        return suites.stream().distinct().toList();
    }

    /**
     * How the user's rows look, for the evaluation, which asks in these forms too. They are the user's text: only counts are
     * told.
     */
    private void keepShapes(List<Sample> rows, Suite suite, Encoder encoder) {
        List<Shape> found = ShapeFinder.find(rows, suite.requests()).shapes();
        List<Shape> fitting =
                found.stream().filter(shape -> fits(shape, suite, encoder)).toList();
        new Shapes(fitting).write(scratch.shapes());
        context.log()
                .event(
                        "forms of the data",
                        "found",
                        found.size(),
                        "leftOut",
                        found.size() - fitting.size(),
                        "rows",
                        rows.size());
    }

    /** A form may be longer than the model's context, or one that its chat template refuses. */
    private static boolean fits(Shape shape, Suite suite, Encoder encoder) {
        try {
            return suite.prompts().stream()
                    .map(prompt -> shape.of(prompt.prompt()))
                    .allMatch(asked -> encoder.tokenizer().prompt(asked).length
                            <= encoder.model().maxPositions());
        } catch (TrainerException e) {
            return false;
        }
    }

    private void checkVectors(List<VectorInput> vectors, Digest model) {
        for (int k = 0; k < vectors.size(); k++) {
            VectorInput vector = vectors.get(k);
            Vectors.check(context.path(vector.source()), vector, model);
            intake.leave(Inputs.numbered(Inputs.VECTOR, k + 1), vector.source());
        }
    }

    /** What the cooldown trains on beside the user's samples is to fit, before anything is trained. */
    private void requireRefusals(ChatTokenizer tokenizer) {
        for (VectorInput vector : vectors()) {
            if (vector.replay() != null) {
                Replay.take(context.path(vector.source()), vector.source().uri(), vector.replay())
                        .encode(tokenizer, task.fineTuning().hyperparameters().maxSequenceLength());
            }
        }
    }

    private List<VectorInput> vectors() {
        VectorInput vector = task.vector();
        return vector == null ? List.of() : vector.all();
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
        long planned = MemoryPlan.bytes(
                model.config(), stored, settings.hyperparameters(), settings.lora(), longest, settings.precision());
        if (task.judge() != null) {
            planned = Math.max(planned, MemoryPlan.answering(MemoryPlan.Stored.of(scratch.judge())));
        }
        context.log().event("prepared", "samples", encoded.size(), "longest", longest, "plannedBytes", planned);
        return new StageFigures.Data(
                encoded.size(),
                encoded.stream().mapToLong(EncodedSample::length).sum(),
                encoded.stream().mapToLong(EncodedSample::answerTokens).sum(),
                longest,
                planned,
                requests);
    }
}
