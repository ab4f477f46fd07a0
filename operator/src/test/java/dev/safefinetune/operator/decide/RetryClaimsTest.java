package dev.safefinetune.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.observe.JobControl;
import dev.safefinetune.operator.observe.PodFacts;
import dev.safefinetune.operator.observe.PodFacts.Termination;
import dev.safefinetune.operator.observe.StageFacts;
import dev.safefinetune.operator.plan.FailurePolicy;
import dev.safefinetune.operator.plan.FailurePolicy.Consequence;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether something is tried again is said as the Job's failure policy does it, for every exit code and every reason. */
class RetryClaimsTest {
    private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");
    private static final String AGAIN = "tried again";

    /** Between the end of a pod and the word of the Job controller, a resource shows what is said here. */
    private static Optional<Hindrance> afterExitCode(Stage stage, int exitCode) {
        PodFacts pod = new PodFacts("p", "u", "Failed", null, MADE, null, new Termination(exitCode, "Error", null));
        StageFacts facts = new StageFacts(
                "bot-1-" + stage.text(),
                StageFacts.State.ACTIVE,
                null,
                MADE,
                null,
                List.of(pod),
                null,
                null,
                JobControl.FREE);
        return Hindrance.of(stage, facts, Set.of(), MADE);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void aPodsEndIsSaidToBeTriedAgainExactlyWhenItsJobTriesAgain(Stage stage) {
        IntStream.rangeClosed(1, 255).forEach(code -> {
            Optional<Hindrance> said = afterExitCode(stage, code);
            switch (FailurePolicy.after(stage, code)) {
                case RUN_ENDS -> assertThat(said).as("exit code %d", code).isEmpty();
                case REPLACED ->
                    assertThat(said)
                            .as("exit code %d", code)
                            .hasValueSatisfying(h -> assertThat(h.message())
                                    .doesNotContain(AGAIN)
                                    .contains("another pod"));
                case TRIED_AGAIN ->
                    assertThat(said)
                            .as("exit code %d", code)
                            .hasValueSatisfying(
                                    h -> assertThat(h.message()).contains(AGAIN, "spec.runPolicy.maxRetries"));
            }
        });
    }

    private static Stream<Reason> reasonsOfFaultsThatEndARun() {
        return Arrays.stream(Fault.values())
                .filter(fault -> Arrays.stream(Stage.values())
                        .allMatch(stage -> FailurePolicy.after(stage, fault.exitCode()) == Consequence.RUN_ENDS))
                .map(Faults::reason);
    }

    @ParameterizedTest
    @MethodSource("reasonsOfFaultsThatEndARun")
    void theListOfReasonsPromisesNoRetryThatDoesNotCome(Reason reason) {
        assertThat(reason.when() + ". " + reason.remedy()).doesNotContain(AGAIN, "is replaced");
    }

    /** What the list of reasons says of a replaced pod or of another try is about the reasons that these tests know. */
    @Test
    void everyReasonThatSpeaksOfAnotherPodIsOneThatComesWhileTheJobGoesOn() {
        Set<Reason> retryable = Arrays.stream(Fault.values())
                .filter(Fault::isRetryable)
                .map(Faults::reason)
                .collect(Collectors.toSet());
        assertThat(Reason.values())
                .filteredOn(reason -> (reason.when() + reason.remedy()).contains(AGAIN)
                        || (reason.when() + reason.remedy()).contains("is replaced"))
                .allSatisfy(reason -> assertThat(retryable.contains(reason)
                                || Set.of(Reason.EVICTED, Reason.NODE_DRAINED, Reason.PREEMPTED, Reason.RESULT_MISSING)
                                        .contains(reason))
                        .as(reason.text())
                        .isTrue());
    }
}
