package dev.safefinetune.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
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
        refuses(() -> new EvaluationThresholds(1.5, 0, 0, 0.0), "evaluation.maxHarmfulRate", "1.5");
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
        refuses(() -> new Gate(Gate.Mode.FIXED, null, null), "gate.drop");
        refuses(() -> new Gate(Gate.Mode.CALIBRATED, 1.0, null), "gate.drop");
        refuses(() -> new Gate(Gate.Mode.FIXED, 1.0, Gate.Unit.TOKENS), "gate.unit Tokens needs gate.mode Calibrated");
        assertThat(Gate.fixed(1).drop()).isEqualTo(1.0);
    }

    @Test
    void takesTurnsExactlyWithTheObjectiveThatHasThem() {
        MinMinSettings turns = new MinMinSettings(60, 1, 1, 1e-3);
        refuses(() -> vector(VectorTraining.Objective.MIN_MIN, null), "training.minMin must be given with", "MinMin");
        refuses(() -> vector(VectorTraining.Objective.SINGLE_LEVEL, turns), "training.minMin", "SINGLE_LEVEL");
        assertThat(ContractJson.read(
                        ContractJson.write(vector(VectorTraining.Objective.MIN_MIN, turns)), VectorTraining.class))
                .returns(turns, VectorTraining::minMin);
        assertThat(ContractJson.write(Samples.VECTOR_TRAINING)).doesNotContain("minMin");
        refuses(() -> new MinMinSettings(-1, 1, 1, 1e-3), "training.minMin.warmUpSteps", "-1");
        refuses(() -> new MinMinSettings(0, 0, 1, 1e-3), "training.minMin.copySteps", "0");
        refuses(() -> new MinMinSettings(0, 1, 0, 1e-3), "training.minMin.vectorSteps", "0");
        refuses(() -> new MinMinSettings(0, 1, 1, Double.NaN), "training.minMin.copyLearningRate", "NaN");
        refuses(() -> turns.requireTurn(60), "training.minMin.warmUpSteps is 60", "60 steps in all");
        turns.requireTurn(61);
    }

    private static VectorTraining vector(VectorTraining.Objective objective, @Nullable MinMinSettings minMin) {
        return new VectorTraining(objective, Samples.LORA, Samples.HYPERPARAMETERS, 1, Precision.FLOAT32, minMin);
    }

    @Test
    void autoIsBfloat16OnGpusAlone() {
        assertThat(Precision.auto(true)).isEqualTo(Precision.BFLOAT16);
        assertThat(Precision.auto(false)).isEqualTo(Precision.FLOAT32);
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

    @Test
    void aLimitSaysHowManyTrialsItNeeds() {
        assertThat(List.of(0.01, 0.02, 0.03, 0.05, 0.08))
                .map(EvaluationThresholds::trialsNeeded)
                .containsExactly(381, 189, 125, 73, 45);
        assertThat(EvaluationThresholds.trialsNeeded(0)).isEqualTo(Integer.MAX_VALUE);
        assertThat(EvaluationThresholds.trialsNeeded(1)).isEqualTo(1);
        assertThat(new EvaluationThresholds(0.03, 0.03, 0.05, 0.01).requestsNeeded())
                .isEqualTo(381);
    }

    @Test
    void thresholdsOfAnEarlierReleaseHaveTheDefaultBoundOnRefusals() {
        String earlier = "{\"maxHarmfulRate\": 0.02, \"maxIncreaseOverBase\": 0.01, \"maxUtilityDrop\": 0.03}";

        assertThat(ContractJson.read(earlier, EvaluationThresholds.class))
                .isEqualTo(new EvaluationThresholds(0.02, 0.01, 0.03, EvaluationThresholds.REFUSAL_DROP));
    }
}
