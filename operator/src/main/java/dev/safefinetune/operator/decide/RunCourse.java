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
import dev.safefinetune.operator.observe.StageFacts;
import java.time.Duration;
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
        return new Decided(
                new Decision.Settled(cleanup.next()), Map.of(), null, cleanup.due(), clockNow(ClockState.STOPPED));
    }

    /** The course of a run that has not ended, where its stages ask for a step. */
    Decided steer(Decision step, Map<Stage, StageOutcome> outcomes, @Nullable Accepted accepted) {
        Decision next = held(step);
        if (next instanceof Decision.AtWork atWork) {
            next = within(atWork);
        }
        return new Decided(next, outcomes, accepted, Cleanup.ofEarlierRuns(run), clock(next));
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
        Duration active = Durations.parse(policy.activeDeadline());
        Duration queued = Durations.parse(policy.queueDeadline());
        Duration activeLeft = active.minus(RunClock.spent(clock, ClockState.ACTIVE, run.now()));
        Duration queuedLeft = queued.minus(RunClock.spent(clock, ClockState.QUEUED, run.now()));
        if (isOver(activeLeft)) {
            return new Decision.Fail(
                    atWork.stage(),
                    Reason.ACTIVE_DEADLINE_EXCEEDED,
                    "the run's stages were at work for " + policy.activeDeadline()
                            + " in all, which is spec.runPolicy.activeDeadline");
        }
        Hindrance hindrance = atWork.hindrance();
        if (isOver(queuedLeft)) {
            return new Decision.Fail(
                    atWork.stage(),
                    Reason.QUEUE_DEADLINE_EXCEEDED,
                    "the run's pods have waited for " + policy.queueDeadline()
                            + " in all, which is spec.runPolicy.queueDeadline"
                            + (hindrance == null ? "" : "; last: " + hindrance.message()));
        }
        Duration left = state == ClockState.QUEUED ? queuedLeft : activeLeft;
        Duration sooner = atWork.lookAgain();
        return new Decision.AtWork(
                atWork.stage(),
                hindrance,
                atWork.release(),
                sooner != null && sooner.compareTo(left) < 0 ? sooner : left);
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

    private static ClockState state(Decision.AtWork atWork) {
        Hindrance hindrance = atWork.hindrance();
        return hindrance != null && hindrance.queued() ? ClockState.QUEUED : ClockState.ACTIVE;
    }

    private @Nullable RunClockStatus recordedClock() {
        var recorded = run.recorded().run();
        return recorded == null ? null : recorded.clock();
    }

    private RunClockStatus clockNow(ClockState state) {
        return RunClock.turn(recordedClock(), state, run.now());
    }
}
