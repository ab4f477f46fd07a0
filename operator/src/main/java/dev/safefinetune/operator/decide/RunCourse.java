package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.ClockState;
import dev.safefinetune.api.v1alpha1.Durations;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.RunClockStatus;
import dev.safefinetune.api.v1alpha1.RunPolicySpec;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.observe.JobControl.Hold;
import dev.safefinetune.operator.observe.RunFacts;
import dev.safefinetune.operator.observe.RunObject;
import dev.safefinetune.operator.observe.StageFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every run, whatever its stages do: it can be suspended, its deadlines are kept, what was deleted under it
 * is noticed, and what it leaves behind is cleaned up.
 *
 * @param run what exists
 * @param order of the stages
 * @param suspend whether the run is to be held
 * @param policy how the run is carried out
 */
record RunCourse(RunFacts run, List<Stage> order, boolean suspend, RunPolicySpec policy) {

    /** A run that has ended, and whose end stands on its resource. */
    Decided settled() {
        Cleanup cleanup = new Cleanup(run, policy.cleanup());
        RunClockStatus clock = clockNow(ClockState.STOPPED);
        return new Decided(new Decision.Settled(cleanup.next()), Map.of(), null, cleanup.due(), clock, clock);
    }

    /** The course of a run that has not ended, where its stages ask for a step. */
    Decided steer(Decision step, Map<Stage, StageOutcome> outcomes, @Nullable Accepted accepted) {
        Decision next = switch (held(step)) {
            case Decision.AtWork atWork -> within(atWork);
            case Decision.Begin begin -> waited(begin.task().stage()).orElse(begin);
            case Decision.Wait wait -> within(wait);
            case Decision other -> other;
        };
        List<RunObject> leftovers = new ArrayList<>(Cleanup.ofEarlierRuns(run));
        leftovers.addAll(Cleanup.ofOtherContainers(run, order));
        return new Decided(next, outcomes, accepted, leftovers, clock(next), clockIfRefused(next));
    }

    /**
     * A Job that was written down and is not there any more: somebody has deleted it, or taken its labels away. To make it
     * again would be to run the same training twice without anybody knowing.
     */
    Optional<Decision> lost() {
        Stage latest = run.latest(order);
        return order.stream()
                .filter(stage -> latest == null || order.indexOf(stage) > order.indexOf(latest))
                .flatMap(stage -> recorded(stage)
                        .map(old -> (Decision) new Decision.Fail(
                                stage,
                                Reason.JOB_LOST,
                                "Job " + old.job() + " was deleted before its result was read; change the spec, or"
                                        + " make the resource again, to run it once more"))
                        .stream())
                .findFirst();
    }

    private Optional<StageStatus> recorded(Stage stage) {
        return run.recorded().stages().stream()
                .filter(old -> old.name().equals(stage.text()) && old.job() != null)
                .findFirst();
    }

    private Decision held(Decision step) {
        if (!suspend) {
            return step instanceof Decision.AtWork atWork && control(atWork.stage()) == Hold.OURS
                    ? new Decision.AtWork(atWork.stage(), null, job(atWork.stage()), null)
                    : step;
        }
        return switch (step) {
            case Decision.Begin begin ->
                suspended(
                        begin.task().stage(),
                        null,
                        "before " + begin.task().stage().text());
            case Decision.Wait wait -> suspended(run.latest(order), null, "while it waits: " + wait.message());
            case Decision.AtWork atWork -> {
                Stage stage = atWork.stage();
                boolean held = control(stage) != Hold.NONE;
                yield suspended(stage, held ? null : job(stage), "in " + stage.text());
            }
            default -> step;
        };
    }

    private static Decision suspended(@Nullable Stage stage, @Nullable String job, String where) {
        return new Decision.Suspend(stage, job, "suspended by spec.suspend " + where);
    }

    private Hold control(Stage stage) {
        StageFacts facts = run.stages().get(stage);
        return facts == null ? Hold.NONE : facts.control().hold();
    }

    private @Nullable String job(Stage stage) {
        StageFacts facts = run.stages().get(stage);
        return facts == null ? null : facts.job();
    }

    /** The same, unless a deadline is over. */
    private Decision within(Decision.AtWork atWork) {
        ClockState state = state(atWork);
        RunClockStatus clock = clockNow(state);
        Duration activeLeft =
                Durations.parse(policy.activeDeadline()).minus(RunClock.spent(clock, ClockState.ACTIVE, run.now()));
        Duration queuedLeft = queuedLeft(clock);
        if (isOver(activeLeft)) {
            return new Decision.Fail(
                    atWork.stage(),
                    Reason.ACTIVE_DEADLINE_EXCEEDED,
                    "the run's stages were at work for " + policy.activeDeadline()
                            + " in all, which is spec.runPolicy.activeDeadline");
        }
        Hindrance hindrance = atWork.hindrance();
        if (isOver(queuedLeft)) {
            return waitedTooLong(atWork.stage(), hindrance == null ? "" : "; last: " + hindrance.message());
        }
        Duration left = state == ClockState.QUEUED ? queuedLeft : activeLeft;
        return new Decision.AtWork(atWork.stage(), hindrance, atWork.release(), sooner(atWork.lookAgain(), left));
    }

    /** The same, unless the run has waited too long between two stages; before its first Job no time counts. */
    private Decision within(Decision.Wait wait) {
        Stage latest = run.latest(order);
        if (latest == null) {
            return wait;
        }
        Stage next = order.get(Math.min(order.indexOf(latest) + 1, order.size() - 1));
        return waited(next)
                .orElseGet(() -> new Decision.Wait(
                        wait.reason(),
                        wait.message(),
                        wait.stalled(),
                        sooner(wait.lookAgain(), queuedLeft(clockNow(ClockState.QUEUED)))));
    }

    /** The end of a run that has waited too long to begin a stage after its first. */
    private Optional<Decision> waited(Stage stage) {
        RunClockStatus clock = recordedClock();
        boolean waits = !run.stages().isEmpty() && clock != null && clock.state() == ClockState.QUEUED;
        return waits && isOver(queuedLeft(clock)) ? Optional.of(waitedTooLong(stage, "")) : Optional.empty();
    }

    private Decision waitedTooLong(Stage stage, String last) {
        return new Decision.Fail(
                stage,
                Reason.QUEUE_DEADLINE_EXCEEDED,
                "the run has waited for " + policy.queueDeadline() + " in all, which is spec.runPolicy.queueDeadline"
                        + last);
    }

    private Duration queuedLeft(@Nullable RunClockStatus clock) {
        return Durations.parse(policy.queueDeadline()).minus(RunClock.spent(clock, ClockState.QUEUED, run.now()));
    }

    private static Duration sooner(@Nullable Duration wished, Duration left) {
        return wished != null && wished.compareTo(left) < 0 ? wished : left;
    }

    private static boolean isOver(Duration left) {
        return left.isNegative() || left.isZero();
    }

    private @Nullable RunClockStatus clock(Decision next) {
        return switch (next) {
            case Decision.Begin ignored -> clockNow(ClockState.ACTIVE);
            case Decision.AtWork atWork -> clockNow(state(atWork));
            case Decision.Suspend ignored -> run.stages().isEmpty() ? recordedClock() : clockNow(ClockState.STOPPED);
            case Decision.Fail ignored -> clockNow(ClockState.STOPPED);
            case Decision.Succeed ignored -> clockNow(ClockState.STOPPED);
            case Decision.Wait ignored -> run.stages().isEmpty() ? recordedClock() : clockNow(ClockState.QUEUED);
            default -> recordedClock();
        };
    }

    /** A stage that cannot be made yet waits; a Job that cannot be held or let go stays at what it was. */
    private @Nullable RunClockStatus clockIfRefused(Decision next) {
        return switch (next) {
            case Decision.Begin ignored -> run.stages().isEmpty() ? recordedClock() : clockNow(ClockState.QUEUED);
            case Decision.Suspend ignored -> recordedClock();
            case Decision.AtWork ignored -> recordedClock();
            default -> clock(next);
        };
    }

    private static ClockState state(Decision.AtWork atWork) {
        Hindrance hindrance = atWork.hindrance();
        return hindrance != null && hindrance.queued() ? ClockState.QUEUED : ClockState.ACTIVE;
    }

    private @Nullable RunClockStatus recordedClock() {
        var recorded = run.recorded().run();
        return recorded == null ? null : recorded.clock();
    }

    private RunClockStatus clockNow(ClockState state) {
        return RunClock.turn(untilTheStageEnded(), state, run.now());
    }

    /** A run whose stage has ended is at work no more, however long nobody is there to begin the next one. */
    private @Nullable RunClockStatus untilTheStageEnded() {
        RunClockStatus clock = recordedClock();
        Stage latest = run.latest(order);
        StageFacts facts = latest == null ? null : run.stages().get(latest);
        Instant ended = facts == null ? null : facts.ended();
        if (clock == null || ended == null || clock.state() == ClockState.QUEUED && !ended.isAfter(clock.since())) {
            return clock;
        }
        // An end is told in whole seconds, and another machine's clock may be behind.
        Instant stopped = ended.isBefore(clock.since()) ? clock.since() : ended;
        return RunClock.turn(clock, ClockState.STOPPED, stopped.isBefore(run.now()) ? stopped : run.now());
    }
}
