package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.evaluate.shape.HighDropShapes;
import dev.safefinetune.trainer.evaluate.shape.Shapes;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.Cooldown;
import dev.safefinetune.trainer.train.GateThresholds;
import dev.safefinetune.trainer.train.TrainingRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Trains the secured arm with the vector attached and frozen, and the control arm without. */
final class TrainStage {
    /** Where the stage is after the secured arm, if a control arm follows, and after the last arm. */
    private static final int SECURED_PERCENT = 55;

    private static final int TRAINED_PERCENT = 95;
    private static final String FINISHED = "finished";

    private final StageTask.Train task;
    private final StageContext context;
    private final Scratch scratch;
    private final RunCheckpoints checkpoints;

    TrainStage(StageTask.Train task, StageContext context) {
        this.task = task;
        this.context = context;
        this.scratch = context.scratch(task.scratch());
        this.checkpoints = context.checkpoints(
                scratch, task.checkpoint(), RunKeys.of(context.run(), task, task.inputs(), context.devices()));
    }

    StageOutput run() {
        verify();
        StageOutput output = train();
        context.done(checkpoints);
        return output;
    }

    private StageOutput train() {
        VectorInput vector = task.vector();
        if (vector == null) {
            return train(null, List.of());
        }
        Path copy = temporary();
        try {
            List<VectorFiles> files = new ArrayList<>();
            List<Replay> replays = new ArrayList<>();
            for (VectorInput each : vector.all()) {
                Path directory = Vectors.take(
                        context.path(each.source()),
                        each,
                        task.inputs().get(Inputs.MODEL),
                        copy.resolve(Inputs.numbered("vector", files.size() + 1)));
                Double share = each.gateShare();
                GateThresholds gate = new GateThresholds(each.gateDrop(), share == null ? 0 : share);
                files.add(new VectorFiles(directory, gate, each.tokenGate()));
                if (each.replay() != null) {
                    replays.add(Replay.take(directory, each.source().uri(), each.replay()));
                }
            }
            return train(VectorFiles.together(files), replays);
        } finally {
            DurableFiles.deleteTree(copy);
        }
    }

    private void verify() {
        for (String name : List.of(Inputs.MODEL, Inputs.DATASET)) {
            scratch.verify(task.inputs(), name);
        }
        for (String name : List.of(Inputs.VALIDATION, Inputs.COOLDOWN, Inputs.SOURCES)) {
            if (task.inputs().digests().containsKey(name)) {
                scratch.verify(task.inputs(), name);
            }
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("vector");
        } catch (IOException e) {
            throw TrainerException.storage("create a temporary directory in", Path.of("tmp"), e);
        }
    }

    private StageOutput train(@Nullable VectorFiles vector, List<Replay> replays) {
        FineTuneRun.Request request = new FineTuneRun.Request(
                scratch.model(),
                vector,
                task.fineTuning(),
                context.devices(),
                task.gate(),
                Objects.requireNonNullElse(task.vectorScope(), VectorScope.ALL_SAMPLES),
                task.anchor(),
                task.screening(),
                new CooldownSettings(task.cooldownSteps(), cooldownRate()),
                data(replays),
                Set.of());
        int middle = task.controlArm() ? SECURED_PERCENT : TRAINED_PERCENT;
        FineTuneRun.Result secured = arm("secured", request, scratch.secured(), scratch.adapter(), 0, middle);
        TrainingRecord plain = task.controlArm()
                ? arm("plain", request.plain(), scratch.plain(), null, middle, TRAINED_PERCENT)
                        .record()
                : null;
        new TrainedRecord(Curves.report(request, secured, plain), secured.proof()).write(scratch.record());
        List<String> artifacts = new ArrayList<>(List.of(Inputs.SECURED, Inputs.TRAINING_RECORD));
        if (task.fineTuning().method() == FineTuning.Method.LORA) {
            artifacts.add(Inputs.ADAPTER);
        }
        if (task.controlArm()) {
            artifacts.add(Inputs.PLAIN);
        }
        if (keepShapes(secured)) {
            artifacts.add(Inputs.DROP_SHAPES);
        }
        return new StageOutput(scratch.state(artifacts).plus(used()), figures(secured));
    }

    /** How rows look of which the vector explains much, for the evaluation. */
    private boolean keepShapes(FineTuneRun.Result secured) {
        GateThresholds thresholds = secured.thresholds();
        if (thresholds == null || secured.drops().isEmpty()) {
            return false;
        }
        Set<Integer> flagged = Set.copyOf(Curves.flagged(secured.drops(), thresholds));
        Shapes shapes = HighDropShapes.find(
                DatasetReader.readWritten(scratch.file(Inputs.DATASET)).samples(), flagged);
        shapes.write(scratch.dropShapes());
        context.log()
                .event("forms of rows of a high drop", "found", shapes.shapes().size(), "rows", flagged.size());
        return true;
    }

    /** The vectors that were attached, for the report: their bytes were checked when they were taken. */
    private Inputs used() {
        VectorInput vector = task.vector();
        Map<String, Digest> used = new TreeMap<>();
        for (VectorInput each : vector == null ? List.<VectorInput>of() : vector.all()) {
            used.put(Inputs.numbered(Inputs.VECTOR, used.size() + 1), each.digest());
        }
        return Inputs.of(used);
    }

    /** Trains an arm; one that an earlier process has finished is not trained again. */
    private FineTuneRun.Result arm(
            String name, FineTuneRun.Request request, Path model, @Nullable Path adapter, int from, int to) {
        ArmCheckpoints own = checkpoints.arm(name);
        Optional<FineTuneRun.Result> finished =
                own.kept(FINISHED, FineTuneRun.Result.class).filter(r -> r.describes(model, adapter));
        if (finished.isPresent()) {
            context.log().event("trained before", "arm", name);
            return finished.get();
        }
        for (Path left : adapter == null ? List.of(model) : List.of(model, adapter)) {
            DurableFiles.deleteTree(left);
        }
        context.progress().begin(name + " arm", from, to, own.done());
        FineTuneRun.Result result = FineTuneRun.run(
                request,
                model,
                adapter == null ? null : AdapterPlace.of(scratch, adapter),
                context.progress(),
                context.log(),
                own);
        own.finish(FINISHED, result, context.log());
        told(name, result.record());
        return result;
    }

    private void told(String arm, TrainingRecord record) {
        context.log()
                .event(
                        "trained",
                        "arm",
                        arm,
                        "steps",
                        record.steps().size(),
                        "loss",
                        record.lastLoss(),
                        "seconds",
                        record.seconds(),
                        "tokensPerSecond",
                        record.tokensPerSecond());
    }

    private double cooldownRate() {
        Double wished = task.cooldownLearningRate();
        return wished == null
                ? Cooldown.defaultRate(task.fineTuning().hyperparameters().learningRate())
                : wished;
    }

    private FineTuneRun.Data data(List<Replay> replays) {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(scratch.model())) {
            boolean isText =
                    DatasetReader.readWritten(scratch.file(Inputs.DATASET)).isText();
            return new FineTuneRun.Data(
                    encoded(tokenizer, Inputs.DATASET),
                    encoded(tokenizer, Inputs.VALIDATION),
                    encoded(tokenizer, Inputs.COOLDOWN),
                    Replay.encode(
                            replays,
                            tokenizer,
                            task.fineTuning().hyperparameters().maxSequenceLength()),
                    isText ? DatasetFormat.TEXT : DatasetFormat.MESSAGES);
        }
    }

    /** Samples of an artifact; none where the prepare stage left no such artifact. */
    private List<EncodedSample> encoded(ChatTokenizer tokenizer, String artifact) {
        return task.inputs().digests().containsKey(artifact)
                ? tokenizer.encode(
                        DatasetReader.readWritten(scratch.file(artifact)),
                        task.fineTuning().hyperparameters().maxSequenceLength())
                : List.of();
    }

    private StageFigures.Training figures(FineTuneRun.Result secured) {
        return new StageFigures.Training(
                secured.record().steps().size(),
                Curves.lastLoss(secured.record()),
                secured.record().seconds(),
                secured.record().tokensPerSecond(),
                secured.drops().size(),
                Curves.flagged(secured.drops(), secured.thresholds()).size(),
                secured.cooldown() == null ? null : secured.cooldown().trustedLeftOut(),
                ProcessMemory.peakBytes());
    }
}
