package dev.safefinetune.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.observe.JobControl;
import dev.safefinetune.operator.observe.PodFacts;
import dev.safefinetune.operator.observe.PodFacts.Termination;
import dev.safefinetune.operator.observe.StageFacts;
import dev.safefinetune.operator.observe.StageFacts.State;
import dev.safefinetune.operator.world.Results;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StageOutcomeTest {
    private static final RunIdentity RUN = new RunIdentity("team-a", "SafeFineTune", "bot", "uid-1", "bot-4");
    private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");
    private static final StageResult PASSED = evaluated(RUN, Stage.EVALUATE);

    private static StageResult evaluated(RunIdentity run, Stage stage) {
        return StageResult.done(run, stage, Inputs.of(Map.of()), Results.evaluation(Verdict.PASSED));
    }

    /** A stage that ended with an exit code and a termination message. */
    private static StageFacts ended(int exitCode, @Nullable String reason, @Nullable String message) {
        PodFacts pod = new PodFacts(
                "bot-4-evaluate-x1",
                "pod-1",
                exitCode == 0 ? "Succeeded" : "Failed",
                null,
                MADE,
                null,
                new Termination(exitCode, reason, message));
        return facts(exitCode == 0 ? State.COMPLETE : State.FAILED, List.of(pod));
    }

    private static StageFacts facts(State state, List<PodFacts> pods) {
        return new StageFacts(
                "bot-4-evaluate", state, null, MADE, MADE.plusSeconds(60), pods, null, null, JobControl.FREE);
    }

    private static StageOutcome outcome(StageFacts facts) {
        return StageOutcome.of(RUN, Stage.EVALUATE, facts);
    }

    @Test
    void believesAResultThatHoldsTogether() {
        assertThat(outcome(ended(0, "Completed", ContractJson.write(PASSED))))
                .isInstanceOfSatisfying(
                        StageOutcome.Done.class,
                        done -> assertThat(done.result()).isEqualTo(PASSED));
    }

    private record Doubt(String name, StageFacts facts, Reason reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Doubt> doubts() {
        String passed = ContractJson.write(PASSED);
        RunIdentity otherUid = new RunIdentity("team-a", "SafeFineTune", "bot", "uid-2", "bot-4");
        RunIdentity otherRun = new RunIdentity("team-a", "SafeFineTune", "bot", "uid-1", "bot-3");
        StageResult failed = StageResult.failed(RUN, Stage.EVALUATE, Fault.NOT_VERIFIED, "no prompts");
        StageResult wrongFigures =
                StageResult.done(RUN, Stage.EVALUATE, Inputs.of(Map.of()), new StageFigures.Data(1, 1, 1, 1, 1));
        PodFacts evicted = new PodFacts("p", "u", "Failed", "Evicted", MADE, null, null);
        return Stream.of(
                new Doubt("no pod is left", facts(State.COMPLETE, List.of()), Reason.JOB_LOST),
                new Doubt("no message", ended(0, "Completed", null), Reason.RESULT_MISSING),
                new Doubt("a blank message", ended(0, "Completed", " \n"), Reason.RESULT_MISSING),
                new Doubt("killed without a word", ended(137, "Error", null), Reason.RESULT_MISSING),
                new Doubt("out of memory", ended(137, "OOMKilled", null), Reason.OUT_OF_MEMORY),
                new Doubt("an exit code that says it", ended(11, "Error", null), Reason.DATASET_INVALID),
                new Doubt("evicted", facts(State.FAILED, List.of(evicted)), Reason.EVICTED),
                new Doubt("a log line", ended(0, "Completed", "done, verdict Passed"), Reason.RESULT_UNREADABLE),
                new Doubt(
                        "a cut message",
                        ended(0, "Completed", passed.substring(0, passed.length() - 5)),
                        Reason.RESULT_UNREADABLE),
                new Doubt(
                        "an unknown field",
                        ended(0, "Completed", passed.replaceFirst("\\{", "{\"extra\":1,")),
                        Reason.RESULT_UNREADABLE),
                new Doubt(
                        "another version",
                        ended(0, "Completed", passed.replaceFirst("\"version\":1", "\"version\":2")),
                        Reason.RESULT_UNREADABLE),
                new Doubt(
                        "too long",
                        ended(0, "Completed", passed + " ".repeat(StageResult.MAX_BYTES)),
                        Reason.RESULT_UNREADABLE),
                new Doubt(
                        "the uid of another resource",
                        ended(0, "Completed", ContractJson.write(evaluated(otherUid, Stage.EVALUATE))),
                        Reason.RESULT_FOREIGN),
                new Doubt(
                        "another run",
                        ended(0, "Completed", ContractJson.write(evaluated(otherRun, Stage.EVALUATE))),
                        Reason.RESULT_FOREIGN),
                new Doubt(
                        "another stage",
                        ended(0, "Completed", ContractJson.write(evaluated(RUN, Stage.TRAIN))),
                        Reason.RESULT_FOREIGN),
                new Doubt("done, with an exit code", ended(1, "Error", passed), Reason.RESULT_CONTRADICTORY),
                new Doubt(
                        "failed, without an exit code",
                        ended(0, "Completed", ContractJson.write(failed)),
                        Reason.RESULT_CONTRADICTORY),
                new Doubt(
                        "failed, with another exit code",
                        ended(11, "Error", ContractJson.write(failed)),
                        Reason.RESULT_CONTRADICTORY),
                new Doubt(
                        "figures of another stage",
                        ended(0, "Completed", ContractJson.write(wrongFigures)),
                        Reason.RESULT_UNREADABLE));
    }

    @ParameterizedTest
    @MethodSource("doubts")
    void takesADoubtForAFailureWithItsOwnReason(Doubt doubt) {
        assertThat(outcome(doubt.facts())).isInstanceOfSatisfying(StageOutcome.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(doubt.reason());
            assertThat(failed.message()).isNotBlank();
        });
    }

    @ParameterizedTest
    @EnumSource
    void showsEachFaultWithItsReasonAndMessage(Fault fault) {
        String message = ContractJson.write(StageResult.failed(RUN, Stage.EVALUATE, fault, "what is wrong"));

        StageOutcome outcome = outcome(ended(fault.exitCode(), "Error", message));

        assertThat(outcome).isEqualTo(new StageOutcome.Failed(Faults.reason(fault), "what is wrong"));
    }

    @Test
    void readsThePodThatReplacedOneThatItsNodeGaveUp() {
        PodFacts lost = new PodFacts("lost", "u1", "Failed", null, MADE, null, new Termination(143, "Error", null));
        PodFacts replacement = new PodFacts(
                "replacement",
                "u2",
                "Succeeded",
                null,
                MADE,
                null,
                new Termination(0, "Completed", ContractJson.write(PASSED)));

        assertThat(outcome(facts(State.COMPLETE, List.of(replacement, lost)))).isInstanceOf(StageOutcome.Done.class);
        assertThat(outcome(facts(State.COMPLETE, List.of(lost, replacement)))).isInstanceOf(StageOutcome.Done.class);
    }

    @Test
    void doesNotReadThePodOfAJobThatIsStillActive() {
        PodFacts pod = new PodFacts(
                "p", "u", "Succeeded", null, MADE, null, new Termination(0, "Completed", ContractJson.write(PASSED)));

        assertThat(outcome(facts(State.ACTIVE, List.of(pod)))).isEqualTo(new StageOutcome.AtWork());
    }
}
