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
        List.of(Inputs.MODEL, Inputs.HARMFUL, Inputs.BENIGN).forEach(n -> scratch.verify(task.inputs(), n));
        DurableFiles.deleteTree(scratch.trained());
        RunCheckpoints checkpoints =
                context.checkpoints(scratch, task.checkpoint(), RunKeys.of(context.run(), task, task.inputs()));
        ArmCheckpoints arm = checkpoints.arm("vector");
        context.progress().begin("vector", 0, 95, arm.done());
        VectorRun.Trained trained = VectorRun.train(
                scratch.model(),
                DatasetReader.readWritten(scratch.file(Inputs.HARMFUL)),
                DatasetReader.readWritten(scratch.file(Inputs.BENIGN)),
                task.training(),
                scratch.vector(),
                context.progress(),
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
                        ProcessMemory.peakBytes()));
        context.done(checkpoints);
        return output;
    }

    static StageOutput assess(StageTask.Assess task, StageContext context) {
        Scratch scratch = context.scratch(task.scratch());
        List.of(Inputs.MODEL, Inputs.HELD_OUT, Inputs.BENIGN, Inputs.VECTOR, Inputs.TRAINING_RECORD)
                .forEach(n -> scratch.verify(task.inputs(), n));
        context.progress().begin("assessment", 0, 100);
        VectorCard card = VectorCard.read(scratch.record());
        StageFigures.Readiness readiness = VectorRun.assess(
                scratch.model(),
                scratch.vector(),
                card.floor(),
                DatasetReader.readWritten(scratch.file(Inputs.HELD_OUT)),
                DatasetReader.readWritten(scratch.file(Inputs.BENIGN)),
                task.thresholds(),
                task.seed());
        card.judged(readiness).write(scratch.assessment());
        context.log()
                .event("assessed", "verdict", readiness.verdict(), "gateDrop", String.valueOf(readiness.gateDrop()));
        return new StageOutput(scratch.state(List.of(Inputs.ASSESSMENT)), readiness);
    }

    static StageOutput store(StageTask.Store task, StageContext context) {
        Scratch scratch = context.scratch(task.scratch());
        List.of(Inputs.VECTOR, Inputs.ASSESSMENT).forEach(n -> scratch.verify(task.inputs(), n));
        VectorCard card = VectorCard.read(scratch.assessment());
        StageFigures.Readiness readiness = card.readiness();
        if (readiness == null
                || readiness.verdict() != Verdict.PASSED
                || !card.vector().equals(task.inputs().get(Inputs.VECTOR))) {
            throw new TrainerException(
                    Fault.PUBLISH_CHECK_FAILED, "no passed assessment of this very vector lies on the scratch volume");
        }
        context.progress().begin("storing", 0, 100);
        Path target = context.root().resolve(task.storage().path());
        store(scratch.vector(), card, target);
        Digest digest = ModelDirectory.digest(target);
        context.log().event("stored", "uri", task.storage().uri(), "digest", digest);
        return new StageOutput(
                Inputs.of(Map.of()),
                new StageFigures.Publication(
                        task.storage().uri(),
                        digest,
                        Digests.ofFile(target.resolve(VectorCard.FILE)),
                        PublishStage.bytes(target)));
    }

    /** Writes a vector with what is known of it; whole or not at all. */
    static void store(Path vector, VectorCard card, Path target) {
        Destination.VECTOR.write(target, directory -> {
            Digest copied = ModelDirectory.copy(vector, directory);
            if (!copied.equals(card.vector())) {
                throw new TrainerException(Fault.ARTIFACT_CHANGED, "the vector changed after it was trained");
            }
            card.write(directory.resolve(VectorCard.FILE));
            DurableFiles.write(directory.resolve("README.md"), CARD);
        });
    }
}
