package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.StageState;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.decide.Decided;
import dev.safefinetune.operator.decide.Decision;
import dev.safefinetune.operator.decide.Hindrance;
import dev.safefinetune.operator.decide.StageOutcome;
import dev.safefinetune.operator.observe.RunFacts;
import dev.safefinetune.operator.observe.StageFacts;
import dev.safefinetune.operator.plan.Names;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a run as they stand on its resource.
 *
 * @param run what exists
 * @param order of the stages
 * @param decided what is to happen
 * @param applied what of it has been done
 * @param before the stages as they stood, of the same run
 */
record StageReport(RunFacts run, List<Stage> order, Decided decided, Applied applied, List<StageStatus> before) {

    List<StageStatus> list() {
        return order.stream()
                .map(stage -> status(stage).plannedAs(planned(stage)))
                .toList();
    }

    /** What was written down stays, until something else is planned before the stage's Job is made. */
    private @Nullable String planned(Stage stage) {
        return applied instanceof Applied.Recorded(String planned) && begins(stage)
                ? planned
                : before.stream()
                        .filter(old -> old.name().equals(stage.text()))
                        .map(StageStatus::planned)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    private boolean begins(Stage stage) {
        return decided.next() instanceof Decision.Begin begin && begin.task().stage() == stage;
    }

    private StageStatus status(Stage stage) {
        Decision next = decided.next();
        StageOutcome outcome = decided.outcomes().get(stage);
        StageFacts facts = run.stages().get(stage);
        if (facts == null || outcome == null) {
            if (next instanceof Decision.Fail fail && fail.stage() == stage) {
                return new StageStatus(
                        stage.text(),
                        StageState.FAILED,
                        null,
                        null,
                        null,
                        fail.reason().text(),
                        fail.message(),
                        null);
            }
            if (isPassed(stage)) {
                return asBefore(stage, null);
            }
            return applied instanceof Applied.Done && begins(stage)
                    ? bare(stage, StageState.RUNNING, Names.stage(run.identity().id(), stage))
                    : bare(stage, StageState.PENDING, null);
        }
        if (next instanceof Decision.Fail fail && fail.stage() == stage) {
            return new StageStatus(
                    stage.text(),
                    StageState.FAILED,
                    seconds(facts),
                    facts.job(),
                    attempts(facts, outcome),
                    fail.reason().text(),
                    fail.message(),
                    outputs(outcome));
        }
        return switch (outcome) {
            case StageOutcome.AtWork() -> atWork(stage, facts);
            case StageOutcome.Done done ->
                new StageStatus(
                        stage.text(),
                        StageState.SUCCEEDED,
                        seconds(facts),
                        facts.job(),
                        attempts(facts, outcome),
                        null,
                        null,
                        outputs(done));
            // The run has come further than this stage, so its result was read while its pod was still there.
            case StageOutcome.Failed ignored -> asBefore(stage, facts);
        };
    }

    private StageStatus atWork(Stage stage, StageFacts facts) {
        if (applied instanceof Applied.Done && decided.next() instanceof Decision.Suspend suspend) {
            return heldUp(stage, facts, StageState.PENDING, Reason.SUSPENDED, suspend.message());
        }
        if (decided.next() instanceof Decision.AtWork atWork && atWork.hindrance() != null) {
            Hindrance hindrance = atWork.hindrance();
            return heldUp(
                    stage,
                    facts,
                    hindrance.queued() ? StageState.PENDING : StageState.RUNNING,
                    hindrance.reason(),
                    hindrance.message());
        }
        return heldUp(stage, facts, StageState.RUNNING, null, null);
    }

    private static StageStatus heldUp(
            Stage stage, StageFacts facts, StageState state, @Nullable Reason reason, @Nullable String message) {
        return new StageStatus(
                stage.text(),
                state,
                null,
                facts.job(),
                attempts(facts),
                reason == null ? null : reason.text(),
                message,
                null);
    }

    /** A model that was repaired had a second one, in the same pod. */
    private static @Nullable Integer attempts(StageFacts facts, StageOutcome outcome) {
        Integer pods = attempts(facts);
        return outcome instanceof StageOutcome.Done done
                        && done.figures() instanceof StageFigures.Evaluation figures
                        && figures.beforeRepair() != null
                ? Integer.valueOf((pods == null ? 1 : pods) + 1)
                : pods;
    }

    /** The first is not worth a write of its own. */
    private static @Nullable Integer attempts(StageFacts facts) {
        int counted = facts.control().counted();
        return counted < 1 || counted == 1 && facts.state() == StageFacts.State.ACTIVE ? null : counted;
    }

    /** Whether the run has come further: the next Job was only made after this stage had succeeded. */
    private boolean isPassed(Stage stage) {
        Stage latest = run.latest(order);
        return latest != null && order.indexOf(stage) < order.indexOf(latest);
    }

    private StageStatus asBefore(Stage stage, @Nullable StageFacts facts) {
        return before.stream()
                .filter(old -> old.name().equals(stage.text()) && old.state() == StageState.SUCCEEDED)
                .findFirst()
                .orElseGet(() -> new StageStatus(
                        stage.text(),
                        StageState.SUCCEEDED,
                        facts == null ? null : seconds(facts),
                        facts == null ? null : facts.job(),
                        facts == null ? null : attempts(facts),
                        null,
                        null,
                        null));
    }

    private static StageStatus bare(Stage stage, StageState state, @Nullable String job) {
        return new StageStatus(stage.text(), state, null, job, null, null, null, null);
    }

    private static @Nullable Long seconds(StageFacts facts) {
        return facts.ended() == null
                ? null
                : Duration.between(facts.created(), facts.ended()).toSeconds();
    }

    private static @Nullable Map<String, String> outputs(StageOutcome outcome) {
        if (!(outcome instanceof StageOutcome.Done done)) {
            return null;
        }
        Inputs outputs = done.result().outputs();
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, Digest> output : outputs.digests().entrySet()) {
            texts.put(output.getKey(), output.getValue().value());
        }
        return texts;
    }
}
