package dev.safefinetune.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static void refuses(ThrowingCallable value, String... words) {
        assertThatIllegalArgumentException().isThrownBy(value).withMessageContainingAll(words);
    }

    private static Hyperparameters learningRate(double rate) {
        return new Hyperparameters(1, rate, 1, 1, 2, Hyperparameters.Scheduler.LINEAR, 0, .9, 0, 1, 1);
    }

    @Test
    void namesFieldRangeAndValue() {
        refuses(() -> new LoraSettings(0, 1, false, List.of("q_proj")), "lora.rank must be in 1..512, was 0");
        refuses(() -> new LoraSettings(8, 1, false, List.of()), "lora.targetModules");
        refuses(() -> learningRate(0), "hyperparameters.learningRate", "was 0.0");
        refuses(() -> learningRate(Double.NaN), "hyperparameters.learningRate", "NaN");
        refuses(() -> new EvaluationThresholds(1.5, 0, 0), "evaluation.maxHarmfulRate", "1.5");
        refuses(() -> new Digest("md5:12"), "sha256", "md5:12");
        refuses(() -> new Rate(.5, .6, .7, 10), "lower95");
        refuses(() -> new Rate(0, 0, 1, 0), "n must be in 1..");
    }

    @Test
    void takesAdapterSettingsExactlyWithTheAdapterMethod() {
        refuses(() -> new FineTuning(FineTuning.Method.LORA, null, learningRate(1)), "fineTuning.lora");
        refuses(() -> new FineTuning(FineTuning.Method.FULL, Samples.LORA, learningRate(1)), "fineTuning.lora");
    }

    @Test
    void takesAThresholdExactlyWithAFixedGate() {
        refuses(() -> new Gate(Gate.Mode.FIXED, null), "gate.drop");
        refuses(() -> new Gate(Gate.Mode.CALIBRATED, 1.0), "gate.drop");
        assertThat(Gate.fixed(1).drop()).isEqualTo(1.0);
    }

    @Test
    void scalesByRankOrItsRoot() {
        assertThat(new LoraSettings(16, 32, false, List.of("q_proj")).scale()).isEqualTo(2);
        assertThat(new LoraSettings(16, 32, true, List.of("q_proj")).scale()).isEqualTo(8);
    }

    @Test
    void letsLaterDigestsWinAndKeepsTheOthers() {
        Digest other = new Digest("sha256:" + "f".repeat(64));
        Inputs sum = Samples.INPUTS.plus(Inputs.of(java.util.Map.of(Inputs.MODEL, other)));

        assertThat(sum.get(Inputs.MODEL)).isEqualTo(other);
        assertThat(sum.get(Inputs.DATASET)).isEqualTo(Samples.DIGEST);
        refuses(() -> sum.get("nothing"), "inputs.nothing");
    }
}
