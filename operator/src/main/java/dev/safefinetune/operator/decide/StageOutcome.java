package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.operator.observe.PodFacts;
import dev.safefinetune.operator.observe.PodFacts.Termination;
import dev.safefinetune.operator.observe.StageFacts;
import dev.safefinetune.operator.observe.StageFacts.State;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;

/**
 * What has become of a stage.
 *
 * <p>Only the termination message of the stage's own pod counts, and only if all it says holds together: the run, the
 * stage, the exit code and the kind of figures. Anything else is a failure, never a success with doubts.
 */
public sealed interface StageOutcome {
    /** At work. */
    record AtWork() implements StageOutcome {}

    /** Done, with what it measured. */
    record Done(StageResult result, StageFigures figures) implements StageOutcome {}

    /** Failed, or not to be believed. */
    record Failed(Reason reason, String message) implements StageOutcome {}

    /** Reads what the stage left behind. */
    static StageOutcome of(RunIdentity run, Stage stage, StageFacts facts) {
        if (facts.state() == State.ACTIVE) {
            return new AtWork();
        }
        // A pod that its node gave up may lie beside the one that replaced it.
        Optional<PodFacts> pod = facts.pods().stream()
                .filter(p -> ended(p))
                .max(Comparator.comparing((PodFacts p) -> p.phase().equals("Succeeded"))
                        .thenComparing(PodFacts::created));
        if (pod.isEmpty()) {
            return new Failed(
                    Reason.JOB_LOST,
                    "Job " + facts.job() + " has ended" + (facts.reason() == null ? "" : " (" + facts.reason() + ")")
                            + " and no pod of it is left to read the result from");
        }
        return ofPod(run, stage, facts, pod.get());
    }

    private static boolean ended(PodFacts pod) {
        return pod.termination() != null || pod.phase().equals("Failed");
    }

    private static StageOutcome ofPod(RunIdentity run, Stage stage, StageFacts facts, PodFacts pod) {
        Termination termination = pod.termination();
        if ("Evicted".equals(pod.reason()) && !pod.isDoneByItself()) {
            return new Failed(Reason.EVICTED, "pod " + pod.name() + " was evicted");
        }
        if (termination == null) {
            return new Failed(Reason.RESULT_MISSING, "pod " + pod.name() + " ended without having run");
        }
        if (termination.message() == null || termination.message().isBlank()) {
            return withoutMessage(pod.name(), termination);
        }
        StageResult result;
        try {
            result = read(termination.message());
        } catch (IllegalArgumentException e) {
            // Why not would quote what somebody wrote there, which may be anything.
            return new Failed(
                    Reason.RESULT_UNREADABLE,
                    "the termination message of pod " + pod.name() + " (" + bytes(termination.message())
                            + " bytes) is no result that this release knows");
        }
        return judged(run, stage, facts, pod.name(), termination.exitCode(), result);
    }

    private static StageResult read(String message) {
        if (bytes(message) > StageResult.MAX_BYTES) {
            throw new IllegalArgumentException("longer than " + StageResult.MAX_BYTES + " bytes");
        }
        return ContractJson.read(message, StageResult.class);
    }

    private static int bytes(String message) {
        return message.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Failed withoutMessage(String pod, Termination termination) {
        if ("OOMKilled".equals(termination.reason())) {
            return new Failed(Reason.OUT_OF_MEMORY, "pod " + pod + " was killed for want of memory");
        }
        String how = "pod " + pod + " ended with exit code " + termination.exitCode() + " and without a result";
        return Fault.ofExitCode(termination.exitCode())
                .filter(fault -> fault != Fault.INTERNAL)
                .map(fault -> new Failed(Faults.reason(fault), how))
                .orElseGet(() -> new Failed(Reason.RESULT_MISSING, how));
    }

    private static StageOutcome judged(
            RunIdentity run, Stage stage, StageFacts facts, String pod, int exitCode, StageResult result) {
        if (!result.run().equals(run) || result.stage() != stage) {
            return new Failed(
                    Reason.RESULT_FOREIGN,
                    "pod " + pod + " of " + run.id() + "/" + stage.text() + " states a result of "
                            + result.run().id() + "/" + result.stage().text() + " (uid "
                            + result.run().uid() + ")");
        }
        if (!isTold(facts, result)) {
            return new Failed(
                    Reason.RESULT_FOREIGN,
                    "pod " + pod + " states a result of another job spec than its Job was made with");
        }
        Fault fault = result.fault();
        int stated = fault == null ? 0 : fault.exitCode();
        if (exitCode != stated || (fault == null) != (facts.state() == State.COMPLETE)) {
            return new Failed(
                    Reason.RESULT_CONTRADICTORY,
                    "pod " + pod + " ended with exit code " + exitCode + ", its result says " + stated);
        }
        if (fault != null) {
            return new Failed(Faults.reason(fault), String.valueOf(result.message()));
        }
        StageFigures figures = result.figures();
        if (figures == null || !figuresOf(stage).isInstance(figures)) {
            return new Failed(
                    Reason.RESULT_UNREADABLE,
                    "pod " + pod + " states figures that are not those of the stage " + stage.text());
        }
        return new Done(result, figures);
    }

    /** A pod's annotations can be changed after it was made: what it has read has to be what its Job's template says. */
    private static boolean isTold(StageFacts facts, StageResult result) {
        StageFacts.SpecFacts spec = facts.spec();
        return spec == null || !spec.inTemplate() || Digest.of(spec.text()).equals(result.jobSpec());
    }

    private static Class<? extends StageFigures> figuresOf(Stage stage) {
        return switch (stage) {
            case PREPARE, PREPARE_VECTOR -> StageFigures.Data.class;
            case TRAIN, TRAIN_VECTOR -> StageFigures.Training.class;
            case EVALUATE -> StageFigures.Evaluation.class;
            case ASSESS -> StageFigures.Readiness.class;
            case PUBLISH, STORE -> StageFigures.Publication.class;
        };
    }
}
