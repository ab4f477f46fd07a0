package dev.safefinetune.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.plan.FailurePolicy.Consequence;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailurePolicyTest {
    private static List<Integer> ending(Stage stage) {
        return FailurePolicy.of(stage).getRules().getFirst().getOnExitCodes().getValues();
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void noUsersFaultAndNoVerdictIsEverTriedAgain(Stage stage) {
        for (Fault fault : Fault.values()) {
            if (fault.isUsers()) {
                assertThat(ending(stage)).contains(fault.exitCode());
            }
        }
        assertThat(ending(stage))
                .contains(
                        Fault.NOT_VERIFIED.exitCode(),
                        Fault.PUBLISH_CHECK_FAILED.exitCode(),
                        Fault.ARTIFACT_CHANGED.exitCode(),
                        Fault.JOB_SPEC_INVALID.exitCode())
                .doesNotContain(
                        Fault.STORAGE.exitCode(),
                        Fault.OUT_OF_MEMORY.exitCode(),
                        Fault.NO_USABLE_GPU.exitCode(),
                        0,
                        137,
                        143)
                .isSorted();
    }

    @Test
    void aBugIsTriedAgainWhereItJudgesNothing() {
        int bug = Fault.INTERNAL.exitCode();

        assertThat(ending(Stage.TRAIN)).doesNotContain(bug);
        assertThat(ending(Stage.PUBLISH)).doesNotContain(bug);
        assertThat(ending(Stage.EVALUATE)).contains(bug);
        assertThat(ending(Stage.ASSESS)).contains(bug);
    }

    /** What people are told of a pod's end is read off here, so it has to be what the Job's rules do. */
    @ParameterizedTest
    @EnumSource(Stage.class)
    void theConsequenceIsThatOfTheRules(Stage stage) {
        for (int code : IntStream.rangeClosed(1, 255).toArray()) {
            String action = FailurePolicy.of(stage).getRules().stream()
                    .filter(rule -> rule.getOnExitCodes() != null
                            && rule.getOnExitCodes().getValues().contains(code))
                    .map(PodFailurePolicyRule::getAction)
                    .findFirst()
                    .orElse("Count");
            assertThat(FailurePolicy.after(stage, code))
                    .as("exit code %d", code)
                    .isEqualTo(
                            switch (action) {
                                case "FailJob" -> Consequence.RUN_ENDS;
                                case "Ignore" -> Consequence.REPLACED;
                                default -> Consequence.TRIED_AGAIN;
                            });
        }
    }

    /** A fault that a pod has stated counts even where its node gave it up afterwards: the first rule that fits decides. */
    @Test
    void aStatedFaultComesBeforeTheNodesEnd() {
        assertThat(FailurePolicy.of(Stage.TRAIN).getRules())
                .extracting(PodFailurePolicyRule::getAction)
                .containsExactly("FailJob", "Ignore", "Ignore");
    }
}
