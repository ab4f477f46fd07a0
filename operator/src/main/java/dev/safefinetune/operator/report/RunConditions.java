package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.decide.Decision;
import dev.safefinetune.operator.decide.Hindrance;
import java.util.List;
import java.util.Set;

/** The conditions that both kinds share: how the run stands as a whole, and what its stages have shown. */
final class RunConditions {
    private static final Set<Reason> OF_THE_DATASET = Set.of(Reason.DATASET_INVALID, Reason.DATASET_BLOCKED);
    private static final Set<Reason> VERDICTS = Set.of(Reason.SAFETY_GATE_REFUSED, Reason.VECTOR_REFUSED);

    private final Conditions conditions;

    RunConditions(Conditions conditions) {
        this.conditions = conditions;
    }

    /** Ready, Reconciling, Stalled, Suspended, Complete and Failed. */
    void whole(Decision decision, Applied applied) {
        suspension(decision, applied);
        switch (decision) {
            case Decision.Refuse(var reason, var message) -> ended(reason, message);
            case Decision.Fail(var stage, var reason, var message) -> ended(reason, stage.text() + ": " + message);
            case Decision.Wait wait -> under(wait.reason(), wait.message(), wait.stalled());
            case Decision.Begin begin -> begun(begin, applied);
            case Decision.Suspend suspend -> suspended(suspend, applied);
            case Decision.AtWork atWork -> atWork(atWork, applied);
            case Decision.Succeed(var publication, var ignored) -> succeeded("at " + publication.uri());
            case Decision.Settled ignored -> throw new IllegalArgumentException("a settled run keeps its conditions");
        }
    }

    private void atWork(Decision.AtWork atWork, Applied applied) {
        Hindrance hindrance = atWork.hindrance();
        String stage = atWork.stage().text();
        if (applied instanceof Applied.Refused(var reason, var message)) {
            under(reason, stage + ": " + message, false);
        } else if (hindrance == null) {
            under(Reason.STAGE_RUNNING, stage + " is running", false);
        } else {
            under(hindrance.reason(), stage + ": " + hindrance.message(), false);
        }
    }

    /** Neither under way nor stuck: it does what was asked of it. */
    private void suspended(Decision.Suspend suspend, Applied applied) {
        if (applied instanceof Applied.Refused(var reason, var message)) {
            under(reason, "cannot be suspended: " + message, false);
            return;
        }
        conditions
                .no(ConditionType.READY, Reason.SUSPENDED, suspend.message())
                .no(ConditionType.RECONCILING, Reason.SUSPENDED, suspend.message())
                .no(ConditionType.STALLED, Reason.SUSPENDED, suspend.message())
                .no(ConditionType.COMPLETE, Reason.SUSPENDED, suspend.message())
                .no(ConditionType.FAILED, Reason.SUSPENDED, suspend.message());
    }

    private void suspension(Decision decision, Applied applied) {
        if (decision instanceof Decision.Suspend suspend && applied instanceof Applied.Done) {
            conditions.yes(ConditionType.SUSPENDED, Reason.SUSPENDED, suspend.message());
        } else {
            conditions.no(ConditionType.SUSPENDED, Reason.NOT_SUSPENDED, "");
        }
    }

    private void begun(Decision.Begin begin, Applied applied) {
        String stage = begin.task().stage().text();
        switch (applied) {
            case Applied.Done ignored -> under(Reason.STAGE_RUNNING, stage + " is running", false);
            case Applied.Recorded ignored -> under(Reason.STAGE_RUNNING, stage + " is about to start", false);
            case Applied.Refused(var reason, var message) -> under(reason, stage + ": " + message, false);
        }
    }

    private void under(Reason reason, String message, boolean stalled) {
        conditions
                .no(ConditionType.READY, reason, message)
                .no(ConditionType.COMPLETE, reason, message)
                .no(ConditionType.FAILED, reason, message);
        if (stalled) {
            conditions.no(ConditionType.RECONCILING, reason, message).yes(ConditionType.STALLED, reason, message);
        } else {
            conditions.yes(ConditionType.RECONCILING, reason, message).no(ConditionType.STALLED, reason, message);
        }
    }

    private void ended(Reason reason, String message) {
        conditions
                .no(ConditionType.READY, reason, message)
                .no(ConditionType.RECONCILING, reason, message)
                .yes(ConditionType.STALLED, reason, message)
                .no(ConditionType.COMPLETE, reason, message)
                .yes(ConditionType.FAILED, reason, message);
    }

    private void succeeded(String message) {
        conditions
                .yes(ConditionType.READY, Reason.SUCCEEDED, message)
                .no(ConditionType.RECONCILING, Reason.SUCCEEDED, message)
                .no(ConditionType.STALLED, Reason.SUCCEEDED, message)
                .yes(ConditionType.COMPLETE, Reason.SUCCEEDED, message)
                .no(ConditionType.FAILED, Reason.SUCCEEDED, message);
    }

    /** DatasetValid, Trained, SafetyGatePassed and Published, from the stages that decide them, in order. */
    void stages(Decision decision, List<StageStatus> stages) {
        List<ConditionType> types = List.of(
                ConditionType.DATASET_VALID,
                ConditionType.TRAINED,
                ConditionType.SAFETY_GATE_PASSED,
                ConditionType.PUBLISHED);
        for (int i = 0; i < types.size(); i++) {
            stage(decision, types.get(i), stages.get(i));
        }
    }

    private void stage(Decision decision, ConditionType type, StageStatus stage) {
        switch (stage.state()) {
            case SUCCEEDED -> conditions.yes(type, Reason.STAGE_SUCCEEDED, stage.name() + " has succeeded");
            case RUNNING -> conditions.unknown(type, Reason.STAGE_RUNNING, stage.name() + " is running");
            case PENDING -> {
                boolean over = decision instanceof Decision.Fail || decision instanceof Decision.Refuse;
                conditions.unknown(
                        type,
                        over ? Reason.RUN_FAILED : Reason.NOT_STARTED,
                        over ? "the run ended before this" : stage.name() + " has not started");
            }
            case FAILED -> {
                if (!(decision instanceof Decision.Fail(Stage ignored, Reason reason, String message))) {
                    throw new IllegalArgumentException("a stage has failed and the run has not");
                }
                failed(type, reason, message);
            }
        }
    }

    private void failed(ConditionType type, Reason reason, String message) {
        if (type == ConditionType.DATASET_VALID && !OF_THE_DATASET.contains(reason)) {
            conditions.unknown(type, Reason.RUN_FAILED, message);
        } else if (type == ConditionType.SAFETY_GATE_PASSED && !VERDICTS.contains(reason)) {
            // Whatever kept the judgement from being made: what is not verified is not safe.
            conditions.no(type, Reason.NOT_VERIFIED, message);
        } else {
            conditions.no(type, reason, message);
        }
    }
}
