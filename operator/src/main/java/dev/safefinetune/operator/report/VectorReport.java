package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.ProvenSuiteStatus;
import dev.safefinetune.api.v1alpha1.ReadinessStatus;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.decide.Decided;
import dev.safefinetune.operator.decide.Decision;
import dev.safefinetune.operator.decide.StageOutcome;
import dev.safefinetune.operator.observe.VectorObservation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of a SecurityVector. */
public final class VectorReport {
    private final VectorObservation seen;
    private final Decided decided;
    private final Applied applied;
    private final Means means;
    private final @Nullable SecurityVectorStatus before;

    private VectorReport(VectorObservation seen, Decided decided, Applied applied, Means means) {
        this.seen = seen;
        this.decided = decided;
        this.applied = applied;
        this.means = means;
        SecurityVectorStatus status = seen.resource().getStatus();
        this.before = status != null
                        && status.run() != null
                        && status.run().id().equals(seen.run().identity().id())
                ? status
                : null;
    }

    /** The status after the decision was carried out. */
    public static SecurityVectorStatus status(VectorObservation seen, Decided decided, Applied applied, Means means) {
        return new VectorReport(seen, decided, applied, means).status();
    }

    private SecurityVectorStatus status() {
        Decision next = decided.next();
        if (next instanceof Decision.Settled && before != null) {
            return settled(before);
        }
        RunProgress progress = new RunProgress(seen.run(), decided, applied);
        List<StageStatus> stages = new StageReport(
                        seen.run(),
                        Stage.VECTOR,
                        decided,
                        applied,
                        before == null || before.stages() == null ? List.of() : before.stages())
                .list();
        long generation = seen.resource().getMetadata().getGeneration();
        SecurityVectorStatus old = seen.resource().getStatus();
        Conditions conditions = new Conditions(
                old == null ? null : old.conditions(), generation, seen.run().now());
        RunConditions shared = new RunConditions(conditions);
        shared.whole(next, applied);
        shared.stages(next, stages);
        Decision.Succeed success = next instanceof Decision.Succeed it ? it : null;
        return new SecurityVectorStatus(
                generation,
                phase(progress),
                progress.run(before == null ? null : before.run(), means.gpus()),
                conditions.list(),
                progress.of(before == null ? null : before.progress(), Stage.VECTOR),
                stages,
                success == null ? null : success.inputs().get(Inputs.VECTOR).value(),
                success == null ? null : success.inputs().get(Inputs.MODEL).value(),
                readiness(),
                provenSuites(),
                success == null ? null : Figures.output(success.publication()),
                before == null || before.image() == null ? means.image() : before.image());
    }

    /** A run that has ended stays as it is; what is new is that it was held against the spec as it now is. */
    private SecurityVectorStatus settled(SecurityVectorStatus ended) {
        Settlement settlement =
                new Settlement(seen.run(), seen.resource().getMetadata().getGeneration());
        return new SecurityVectorStatus(
                settlement.generation(),
                ended.phase(),
                settlement.run(ended.run()),
                settlement.conditions(ended.conditions()),
                ended.progress(),
                ended.stages(),
                ended.digest(),
                ended.baseDigest(),
                ended.readiness(),
                ended.provenSuites(),
                ended.storage(),
                ended.image());
    }

    private static VectorPhase phase(RunProgress progress) {
        Stage stage = progress.stage();
        return switch (progress.state()) {
            case REFUSED -> VectorPhase.REJECTED;
            case WAITING -> VectorPhase.PENDING;
            case QUEUED -> VectorPhase.QUEUED;
            case SUSPENDED -> VectorPhase.SUSPENDED;
            case FAILED -> VectorPhase.FAILED;
            case SUCCEEDED -> VectorPhase.READY;
            case UNDER_WAY ->
                switch (stage == null ? Stage.PREPARE_VECTOR : stage) {
                    case TRAIN_VECTOR -> VectorPhase.TRAINING;
                    case ASSESS -> VectorPhase.ASSESSING;
                    case STORE -> VectorPhase.STORING;
                    default -> VectorPhase.PREPARING;
                };
        };
    }

    private @Nullable ReadinessStatus readiness() {
        StageFigures.Readiness figures = assessed();
        if (figures != null) {
            return Figures.readiness(figures);
        }
        return before == null ? null : before.readiness();
    }

    private @Nullable List<ProvenSuiteStatus> provenSuites() {
        StageFigures.Readiness figures = assessed();
        if (figures != null) {
            return Figures.provenSuites(figures);
        }
        return before == null ? null : before.provenSuites();
    }

    private StageFigures.@Nullable Readiness assessed() {
        return decided.outcomes().get(Stage.ASSESS) instanceof StageOutcome.Done done
                        && done.figures() instanceof StageFigures.Readiness figures
                ? figures
                : null;
    }
}
