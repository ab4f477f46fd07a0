package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.TrainingRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        this.checkpoints =
                context.checkpoints(scratch, task.checkpoint(), RunKeys.of(context.run(), task, task.inputs()));
    }

    StageOutput run() {
        verify();
        StageOutput output = train();
        context.done(checkpoints);
        return output;
    }

    private StageOutput train() {
        StageTask.Vector vector = task.vector();
        if (vector == null) {
            return train(null);
        }
        Path copy = temporary();
        try {
            Path directory = Vectors.take(
                    context.path(vector.source()), vector, task.inputs().get(Inputs.MODEL), copy.resolve("vector"));
            return train(new FineTuneRun.VectorFiles(directory, vector.gateDrop()));
        } finally {
            DurableFiles.deleteTree(copy);
        }
    }

    private void verify() {
        for (String name : List.of(Inputs.MODEL, Inputs.DATASET)) {
            scratch.verify(task.inputs(), name);
        }
        for (String name : List.of(Inputs.VALIDATION, Inputs.COOLDOWN)) {
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

    private StageOutput train(FineTuneRun.@Nullable VectorFiles vector) {
        FineTuneRun.Request request = new FineTuneRun.Request(
                scratch.model(),
                vector,
                task.fineTuning(),
                task.gate(),
                task.screening(),
                task.cooldownSteps(),
                data());
        int middle = task.controlArm() ? SECURED_PERCENT : TRAINED_PERCENT;
        FineTuneRun.Result secured = arm("secured", request, scratch.secured(), scratch.adapter(), 0, middle);
        TrainingRecord plain = task.controlArm()
                ? arm("plain", request.plain(), scratch.plain(), null, middle, TRAINED_PERCENT)
                        .record()
                : null;
        report(secured, plain).write(scratch.record());
        List<String> artifacts = new ArrayList<>(List.of(Inputs.SECURED, Inputs.TRAINING_RECORD));
        if (task.controlArm()) {
            artifacts.add(Inputs.PLAIN);
        }
        return new StageOutput(scratch.state(artifacts), figures(secured));
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
        FineTuneRun.Result result = FineTuneRun.run(request, model, adapter, context.progress(), context.log(), own);
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

    private FineTuneRun.Data data() {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(scratch.model())) {
            return new FineTuneRun.Data(
                    encoded(tokenizer, Inputs.DATASET),
                    encoded(tokenizer, Inputs.VALIDATION),
                    encoded(tokenizer, Inputs.COOLDOWN));
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

    private TrainedRecord report(FineTuneRun.Result secured, @Nullable TrainingRecord plain) {
        TrainingReport report = new TrainingReport(
                task.fineTuning(),
                secured.gateDrop(),
                task.cooldownSteps(),
                Curves.of(secured.record()),
                plain == null ? null : Curves.of(plain),
                secured.drops().isEmpty()
                        ? null
                        : Curves.screening(task.screening(), secured.drops(), secured.threshold()));
        return new TrainedRecord(report, secured.proof());
    }

    private StageFigures.Training figures(FineTuneRun.Result secured) {
        return new StageFigures.Training(
                secured.record().steps().size(),
                Curves.lastLoss(secured.record()),
                secured.record().seconds(),
                secured.record().tokensPerSecond(),
                secured.drops().size(),
                Curves.flagged(secured.drops(), secured.threshold()).size(),
                ProcessMemory.peakBytes());
    }
}
