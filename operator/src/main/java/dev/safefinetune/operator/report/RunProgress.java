package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.ProgressStatus;
import dev.safefinetune.api.v1alpha1.RunClockStatus;
import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.TrainingStatus;
import dev.safefinetune.checks.Gpus;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.decide.Decided;
import dev.safefinetune.operator.decide.Decision;
import dev.safefinetune.operator.observe.RunFacts;
import dev.safefinetune.operator.observe.StageFacts;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a run is.
 *
 * @param facts what exists
 * @param decided what is to happen
 * @param applied what of it has been done
 */
record RunProgress(RunFacts facts, Decided decided, Applied applied) {
    /** Where a run is, whatever its kind. */
    enum State {
        REFUSED,
        WAITING,
        QUEUED,
        UNDER_WAY,
        SUSPENDED,
        FAILED,
        SUCCEEDED
    }

    /** A run goes on with a stage whose plan is written down; one that has no Job yet begins with its first. */
    private boolean begun() {
        return applied instanceof Applied.Done
                || applied instanceof Applied.Recorded && !facts.stages().isEmpty();
    }

    State state() {
        return switch (decided.next()) {
            case Decision.Refuse ignored -> State.REFUSED;
            case Decision.Wait ignored -> facts.stages().isEmpty() ? State.WAITING : State.QUEUED;
            case Decision.Begin ignored ->
                begun() ? State.UNDER_WAY : facts.stages().isEmpty() ? State.WAITING : State.QUEUED;
            case Decision.Suspend ignored -> begun() ? State.SUSPENDED : State.UNDER_WAY;
            case Decision.AtWork atWork ->
                atWork.hindrance() != null && atWork.hindrance().queued() ? State.QUEUED : State.UNDER_WAY;
            case Decision.Fail ignored -> State.FAILED;
            case Decision.Succeed ignored -> State.SUCCEEDED;
            case Decision.Settled ignored -> throw new IllegalArgumentException("a settled run is not reported on");
        };
    }

    /** The stage at work, or about to be. */
    @Nullable
    Stage stage() {
        return switch (decided.next()) {
            case Decision.Begin begin -> begin.task().stage();
            case Decision.AtWork atWork -> atWork.stage();
            case Decision.Suspend suspend -> suspend.stage();
            default -> null;
        };
    }

    RunStatus run(@Nullable RunStatus before, Gpus gpus) {
        State state = state();
        Instant started = before == null ? null : before.startTime();
        if (started == null && state != State.REFUSED && state != State.WAITING && !isBefore()) {
            started = facts.stages().values().stream()
                    .map(StageFacts::created)
                    .min(Instant::compareTo)
                    .orElse(facts.now());
        }
        boolean over = state == State.FAILED || state == State.SUCCEEDED;
        RunClockStatus clock = begun() ? decided.clock() : decided.clockIfRefused();
        return new RunStatus(
                facts.identity().id(),
                facts.wish(),
                facts.wishParts(),
                started,
                over ? ended() : null,
                clock,
                training(gpus));
    }

    private @Nullable TrainingStatus training(Gpus gpus) {
        TrainingStatus fixed = facts.training();
        Precision begins = begun() && decided.next() instanceof Decision.Begin begin
                ? begin.task().precision()
                : null;
        return fixed == null && begins != null ? gpus.training(begins) : fixed;
    }

    /** Suspended before anything was made. */
    private boolean isBefore() {
        return state() == State.SUSPENDED && facts.stages().isEmpty();
    }

    private Instant ended() {
        // A stage that the run ends in the middle of has no end of its own.
        StageFacts last =
                decided.next() instanceof Decision.Fail fail ? facts.stages().get(fail.stage()) : null;
        boolean cutShort = decided.next() instanceof Decision.Fail && (last == null || last.ended() == null);
        return cutShort ? facts.now() : lastEnd();
    }

    private Instant lastEnd() {
        return facts.stages().values().stream()
                .map(StageFacts::ended)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(facts.now());
    }

    /** What the pod at work said last; another stage begins at 0, and what has succeeded is at 100. */
    @Nullable
    ProgressStatus of(@Nullable ProgressStatus before, List<Stage> order) {
        if (state() == State.SUCCEEDED) {
            return new ProgressStatus(order.getLast().text(), 100, 0L, null, null, null, null, null, ended(), null);
        }
        Stage stage = stage();
        if (stage == null || before != null && before.stage().equals(stage.text())) {
            return before;
        }
        return state() == State.WAITING || isBefore()
                ? null
                : new ProgressStatus(stage.text(), 0, null, null, null, null, null, null, facts.now(), null);
    }
}
