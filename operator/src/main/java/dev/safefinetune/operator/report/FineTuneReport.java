package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.EvaluationStatus;
import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.ResolvedStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.SafetyStatus;
import dev.safefinetune.api.v1alpha1.ScreeningStatus;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.decide.Accepted;
import dev.safefinetune.operator.decide.Decided;
import dev.safefinetune.operator.decide.Decision;
import dev.safefinetune.operator.decide.StageOutcome;
import dev.safefinetune.operator.observe.FineTuneObservation;
import dev.safefinetune.operator.plan.Layout;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The status of a SafeFineTune. */
public final class FineTuneReport {
    private static final Set<Reason> OF_A_POLICY = Set.of(
            Reason.MODEL_NOT_ALLOWED,
            Reason.VECTOR_REQUIRED,
            Reason.VECTOR_NOT_ALLOWED,
            Reason.SUITE_NOT_ALLOWED,
            Reason.SAFETY_LOWERED,
            Reason.LIMIT_EXCEEDED,
            Reason.COOLDOWN_DATASET_NOT_ALLOWED,
            Reason.THRESHOLD_LOOSENED);

    private final FineTuneObservation seen;
    private final Decided decided;
    private final Applied applied;
    private final Means means;
    private final @Nullable SafeFineTuneStatus before;

    private FineTuneReport(FineTuneObservation seen, Decided decided, Applied applied, Means means) {
        this.seen = seen;
        this.decided = decided;
        this.applied = applied;
        this.means = means;
        SafeFineTuneStatus status = seen.resource().getStatus();
        this.before = status != null
                        && status.run() != null
                        && status.run().id().equals(seen.run().identity().id())
                ? status
                : null;
    }

    /** The status after the decision was carried out. */
    public static SafeFineTuneStatus status(FineTuneObservation seen, Decided decided, Applied applied, Means means) {
        return new FineTuneReport(seen, decided, applied, means).status();
    }

    private SafeFineTuneStatus status() {
        Decision next = decided.next();
        if (next instanceof Decision.Settled && before != null) {
            return settled(before);
        }
        RunProgress progress = new RunProgress(seen.run(), decided, applied);
        List<StageStatus> stages = new StageReport(
                        seen.run(),
                        Stage.FINE_TUNE,
                        decided,
                        applied,
                        before == null || before.stages() == null ? List.of() : before.stages())
                .list();
        long generation = seen.resource().getMetadata().getGeneration();
        SafeFineTuneStatus old = seen.resource().getStatus();
        Conditions conditions = new Conditions(
                old == null ? null : old.conditions(), generation, seen.run().now());
        RunConditions shared = new RunConditions(conditions);
        shared.whole(next, applied);
        policy(conditions, next);
        shared.stages(next, stages);
        return new SafeFineTuneStatus(
                generation,
                phase(progress),
                progress.run(before == null ? null : before.run(), means.gpus()),
                conditions.list(),
                progress.of(before == null ? null : before.progress(), Stage.FINE_TUNE),
                stages,
                resolved(next),
                safety(next),
                next instanceof Decision.Succeed(StageFigures.Publication publication, Inputs ignored)
                        ? Figures.output(publication)
                        : null);
    }

    /** A run that has ended stays as it is; what is new is that it was held against the spec as it now is. */
    private SafeFineTuneStatus settled(SafeFineTuneStatus ended) {
        Settlement settlement =
                new Settlement(seen.run(), seen.resource().getMetadata().getGeneration());
        return new SafeFineTuneStatus(
                settlement.generation(),
                ended.phase(),
                settlement.run(ended.run()),
                settlement.conditions(ended.conditions()),
                ended.progress(),
                ended.stages(),
                ended.resolved(),
                ended.safety(),
                ended.output());
    }

    private static FineTunePhase phase(RunProgress progress) {
        Stage stage = progress.stage();
        return switch (progress.state()) {
            case REFUSED -> FineTunePhase.REJECTED;
            case WAITING -> FineTunePhase.PENDING;
            case QUEUED -> FineTunePhase.QUEUED;
            case SUSPENDED -> FineTunePhase.SUSPENDED;
            case FAILED -> FineTunePhase.FAILED;
            case SUCCEEDED -> FineTunePhase.SUCCEEDED;
            case UNDER_WAY ->
                switch (stage == null ? Stage.PREPARE : stage) {
                    case TRAIN -> FineTunePhase.TRAINING;
                    case EVALUATE -> FineTunePhase.EVALUATING;
                    case PUBLISH -> FineTunePhase.PUBLISHING;
                    default -> FineTunePhase.PREPARING;
                };
        };
    }

    private void policy(Conditions conditions, Decision next) {
        Accepted accepted = decided.accepted();
        if (next instanceof Decision.Refuse(Reason reason, String message) && OF_A_POLICY.contains(reason)) {
            conditions.no(ConditionType.POLICY_ACCEPTED, reason, message);
        } else if (next instanceof Decision.Fail(Stage ignored, Reason reason, String message)
                && OF_A_POLICY.contains(reason)) {
            conditions.no(ConditionType.POLICY_ACCEPTED, reason, message);
        } else if (before != null && (before.resolved() != null && !hasBegun(next) || accepted == null)) {
            conditions.keep(ConditionType.POLICY_ACCEPTED);
        } else if (accepted == null) {
            conditions.unknown(ConditionType.POLICY_ACCEPTED, Reason.NOT_STARTED, "");
        } else if (accepted.policies().isEmpty()) {
            conditions.yes(ConditionType.POLICY_ACCEPTED, Reason.NO_POLICY, "no policy selects the namespace");
        } else {
            PolicyStanding standing = PolicyStanding.of(accepted);
            conditions.yes(ConditionType.POLICY_ACCEPTED, standing.reason(), standing.message());
        }
    }

    /** Whether a stage has been begun just now, for which the policies were asked. */
    private boolean hasBegun(Decision next) {
        return next instanceof Decision.Begin && applied instanceof Applied.Done;
    }

    /** What the run is pinned to; written down once it has begun. */
    private @Nullable ResolvedStatus resolved(Decision next) {
        if (next instanceof Decision.Refuse
                || isWaiting(next) && seen.run().stages().isEmpty()
                || seen.run().stages().isEmpty() && !(applied instanceof Applied.Done)) {
            return null;
        }
        ResolvedStatus old = before == null ? null : before.resolved();
        Pinned pinned = old == null ? Pinned.begun(decided.accepted(), means.image()) : new Pinned(old);
        return pinned.under(hasBegun(next) ? decided.accepted() : null)
                .prepared(decided.outcomes().get(Stage.PREPARE))
                .attempt(attempt(next))
                .status();
    }

    /** Known once the judgement is planned. */
    private @Nullable Integer attempt(Decision next) {
        if (seen.attempts() == null || !(next instanceof Decision.Begin(StageTask.Evaluate evaluate))) {
            return null;
        }
        Integer number = evaluate.thresholds().attempt();
        return number == null ? Integer.valueOf(1) : number;
    }

    private static boolean isWaiting(Decision next) {
        return next instanceof Decision.Wait || next instanceof Decision.Suspend;
    }

    private static @Nullable String text(@Nullable Digest digest) {
        return digest == null ? null : digest.value();
    }

    private @Nullable SafetyStatus safety(Decision next) {
        SafetyStatus old = before == null ? null : before.safety();
        ScreeningStatus screening = old == null ? null : old.screening();
        EvaluationStatus evaluation = old == null ? null : old.evaluation();
        if (decided.outcomes().get(Stage.TRAIN) instanceof StageOutcome.Done done
                && done.figures() instanceof StageFigures.Training training
                && training.scanned() > 0) {
            screening = new ScreeningStatus(training.scanned(), training.flagged(), training.cooldownLeftOut());
        }
        if (decided.outcomes().get(Stage.EVALUATE) instanceof StageOutcome.Done done
                && done.figures() instanceof StageFigures.Evaluation figures) {
            evaluation = Figures.evaluation(figures);
        }
        String digest = old == null ? null : old.reportDigest();
        String place = old == null ? null : old.report();
        if (next instanceof Decision.Succeed success) {
            digest = success.publication().reportDigest().value();
            place = success.publication().uri();
        } else if (decided.outcomes().get(Stage.EVALUATE) instanceof StageOutcome.Done done
                && done.result().outputs().digests().containsKey(Inputs.REFUSAL)) {
            Target refusal = Layout.refusal(
                    seen.resource().getSpec().output().uri(),
                    seen.run().identity().id());
            digest = text(done.result().outputs().digests().get(Inputs.REFUSAL));
            place = refusal == null ? null : refusal.uri();
        }
        return screening == null && evaluation == null ? null : new SafetyStatus(screening, evaluation, digest, place);
    }
}
