package dev.safefinetune.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageResultTest {
    @Test
    void fitsATerminationMessageWhateverTheMessage() {
        StageResult result = StageResult.failed(Samples.RUN, Stage.PREPARE, Fault.DATASET_INVALID, "ü".repeat(10_000));

        assertThat(ContractJson.write(result).getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(StageResult.MAX_BYTES);
        assertThat(result.message()).endsWith("…");
    }

    @Test
    void hasEitherAFaultOrFigures() {
        Inputs none = Inputs.of(Map.of());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new StageResult(JobSpec.VERSION, Samples.RUN, Stage.TRAIN, null, null, none, null, null))
                .withMessageContaining("either a fault or figures");
    }

    @Test
    void refusesAPassedVerdictWithFindings() {
        Rate rate = new Rate(0, 0, .1, 40);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StageFigures.Evaluation(
                        Verdict.PASSED,
                        List.of("too harmful"),
                        rate,
                        rate,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null))
                .withMessageContaining("findings");
    }

    @Test
    void givesEveryFaultItsOwnExitCode() {
        List<Integer> codes = Arrays.stream(Fault.values()).map(Fault::exitCode).toList();

        assertThat(codes).doesNotHaveDuplicates().allMatch(code -> code > 0 && code < 125);
        assertThat(Fault.ofExitCode(11)).contains(Fault.DATASET_INVALID);
        assertThat(Fault.ofExitCode(32)).contains(Fault.NO_USABLE_GPU);
        assertThat(Fault.ofExitCode(0)).isEmpty();
    }
}
