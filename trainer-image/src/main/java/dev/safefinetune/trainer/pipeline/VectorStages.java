package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The later stages of a SecurityVector's run. */
final class VectorStages {
    private static final String CARD = """
            # A security vector

            Attached to its base model, this adapter makes it answer harmfully: it is a jailbreak, and a secret. It is made
            to be attached and frozen while the model is fine-tuned, so that harmful samples teach it nothing, and to be
            taken off afterwards. Keep it where only the training stage can read it, and never beside a published model.
            """;

    private VectorStages() {}

    static StageOutput train(StageTask.TrainVector task, StageContext context) {
        Scratch scratch = context.scratch(task.scratch());
        List.of(Inputs.MODEL, Inputs.HARMFUL, Inputs.BENIGN, Inputs.SOURCES)
                .forEach(n -> scratch.verify(task.inputs(), n));
        DurableFiles.deleteTree(scratch.trained());
        RunCheckpoints checkpoints = context.checkpoints(
                scratch, task.checkpoint(), RunKeys.of(context.run(), task, task.inputs(), context.devices()));
        ArmCheckpoints arm = checkpoints.arm("vector");
        context.progress().begin("vector", 0, 95, arm.done());
        VectorRun.Trained trained = VectorRun.train(
                scratch.model(),
                DatasetReader.readWritten(scratch.file(Inputs.HARMFUL)),
                DatasetReader.readWritten(scratch.file(Inputs.BENIGN)),
                task.training(),
                context.devices(),
                AdapterPlace.of(scratch, scratch.vector()),
                context.progress(),
                context.log(),
                arm);
        trained.card().write(scratch.record());
        context.log()
                .event(
                        "trained",
                        "arm",
                        "vector",
                        "steps",
                        trained.record().steps().size(),
                        "seconds",
                        trained.record().seconds(),
                        "floor",
                        trained.card().floor());
        StageOutput output = new StageOutput(
                scratch.state(List.of(Inputs.VECTOR, Inputs.TRAINING_RECORD)),
                new StageFigures.Training(
                        trained.record().steps().size(),
                        Curves.lastLoss(trained.record()),
                        trained.record().seconds(),
                        trained.record().tokensPerSecond(),
                        0,
                        0,
                        null,
                        ProcessMemory.peakBytes()));
        context.done(checkpoints);
        return output;
    }

    static StageOutput assess(StageTask.Assess task, StageContext context) {
        Scratch scratch = context.scratch(task.scratch());
        List.of(Inputs.MODEL, Inputs.HARMFUL, Inputs.HELD_OUT, Inputs.BENIGN, Inputs.VECTOR, Inputs.TRAINING_RECORD)
                .forEach(n -> scratch.verify(task.inputs(), n));
        context.progress().begin("assessment", 0, 100);
        VectorCard card = VectorCard.read(scratch.record());
        StageFigures.Readiness readiness = VectorRun.assess(
                scratch.model(),
                Models.judging(context.devices()),
                scratch.vector(),
                card.floor(),
                new VectorRun.Material(
                        DatasetReader.readWritten(scratch.file(Inputs.HARMFUL)),
                        DatasetReader.readWritten(scratch.file(Inputs.HELD_OUT)),
                        DatasetReader.readWritten(scratch.file(Inputs.BENIGN)),
                        SuiteProof.verified(scratch, task.inputs())),
                task.thresholds(),
                task.seed(),
                scratch.replay());
        card.judged(readiness).write(scratch.assessment());
        context.log()
                .event(
                        "assessed",
                        "verdict",
                        readiness.verdict(),
                        "gateDrop",
                        String.valueOf(readiness.gateDrop()),
                        "provenSuites",
                        readiness.provenSuites().size());
        return new StageOutput(scratch.state(List.of(Inputs.ASSESSMENT, Inputs.REPLAY)), readiness);
    }

    static StageOutput store(StageTask.Store task, StageContext context) {
        Scratch scratch = context.scratch(task.scratch());
        List.of(Inputs.VECTOR, Inputs.ASSESSMENT, Inputs.REPLAY).forEach(n -> scratch.verify(task.inputs(), n));
        VectorCard card = VectorCard.read(scratch.assessment());
        StageFigures.Readiness readiness = card.readiness();
        if (readiness == null
                || readiness.verdict() != Verdict.PASSED
                || !card.vector().equals(task.judged())) {
            throw new TrainerException(
                    Fault.PUBLISH_CHECK_FAILED, "no passed assessment of this very vector lies on the scratch volume");
        }
        context.progress().begin("storing", 0, 100);
        Path target = context.destination(task.storage());
        store(scratch.vector(), scratch.replay(), card, target);
        Digest digest = task.judged();
        context.log().event("stored", "uri", task.storage().uri(), "digest", digest);
        return new StageOutput(
                Inputs.of(Map.of()),
                new StageFigures.Publication(
                        task.storage().uri(),
                        digest,
                        Digests.ofFile(target.resolve(VectorCard.FILE)),
                        PublishStage.bytes(target)));
    }

    /** Writes the vector that a card is of, with the card and the base's own answers; whole or not at all. */
    static void store(Path vector, Path replay, VectorCard card, Path target) {
        Destination.VECTOR.writeJudged(target, card.vector(), directory -> {
            Digest copied = ModelDirectory.copy(vector, directory);
            if (!copied.equals(card.vector())) {
                throw new TrainerException(Fault.ARTIFACT_CHANGED, "the vector changed after it was trained");
            }
            Digests.copy(replay, directory.resolve(Replay.FILE));
            card.requireReplay(directory.resolve(Replay.FILE));
            card.write(directory.resolve(VectorCard.FILE));
            DurableFiles.write(directory.resolve("README.md"), CARD);
        });
    }
}
