package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.trainer.evaluate.ExamOverlap;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a run that may be repaired needs, before a GPU is held: a suite for two judgements of which no request was trained
 * on, and the base's own answers, copied from beside the vector because no later stage but training sees that place.
 */
final class RepairIntake {
    private final StageTask.Prepare task;
    private final StageContext context;
    private final Scratch scratch;
    private final Intake intake;

    RepairIntake(StageTask.Prepare task, StageContext context, Scratch scratch, Intake intake) {
        this.task = task;
        this.context = context;
        this.scratch = scratch;
        this.intake = intake;
    }

    private @Nullable VectorInput vector() {
        EvaluationThresholds thresholds = task.thresholds();
        if (thresholds == null || !thresholds.repairs()) {
            return null;
        }
        VectorInput vector = task.vector();
        if (vector == null || vector.replay() == null) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "repair Once trains on the base model's own answers, which lie beside a vector, and "
                            + (vector == null
                                    ? "the run has no vector"
                                    : "vector " + vector.source().uri() + " was assessed by a release that made none")
                            + "; give a vector that has a " + Replay.FILE + ", or set repair to Disabled");
        }
        int vectors = vector.all().size();
        if (vectors > 1) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "repair Once needs a run under one vector, whose suite is asked in two halves, and this one is under "
                            + vectors + "; name one, or set repair to Disabled");
        }
        return vector;
    }

    /**
     * Refuses a suite that is too small for two judgements, or that asks what a repair trains on.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} or {@link Fault#SETTINGS_INVALID}
     */
    void require(Suite suite) {
        VectorInput vector = vector();
        EvaluationThresholds thresholds = task.thresholds();
        if (vector == null || thresholds == null) {
            return;
        }
        SuiteHalves.requireEnough(suite, thresholds);
        new ExamOverlap(suite.prompts()).refuse(answers(vector).refusals(), Replay.FILE + " beside the vector");
    }

    private Replay answers(VectorInput vector) {
        Replay answers = Replay.take(
                context.path(vector.source()), vector.source().uri(), Objects.requireNonNull(vector.replay()));
        if (answers.refusals().isEmpty()) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "repair Once trains on the base model's own refusals, and vector "
                            + vector.source().uri() + " has 0 of them beside it; set repair to Disabled");
        }
        return answers;
    }

    /** Leaves the answers to the evaluate stage; gives the names of what was left. */
    List<String> keep() {
        VectorInput vector = vector();
        if (vector == null) {
            return List.of();
        }
        Path copy = scratch.file(Inputs.REPAIR_ANSWERS);
        Digests.copy(context.path(vector.source()).resolve(Replay.FILE), copy);
        if (!Digests.ofFile(copy).equals(vector.replay())) {
            throw new TrainerException(
                    Fault.VECTOR_MISMATCH,
                    Replay.FILE + " of vector " + vector.source().uri() + " changed while it was read");
        }
        intake.leave(Inputs.REPAIR_ANSWERS, vector.source());
        return List.of(Inputs.REPAIR_ANSWERS);
    }
}
