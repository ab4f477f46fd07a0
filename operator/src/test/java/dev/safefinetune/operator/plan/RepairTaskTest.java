package dev.safefinetune.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Repair;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RepairTaskTest {
    private static final EvaluationThresholds THRESHOLDS = new EvaluationThresholds(0.03, 0.03, 0.05, 0.08);
    private static final VectorInput VECTOR = new VectorInput(
            Layout.vector("pvc://vectors/base"),
            Results.digest('2'),
            Results.digest('a'),
            0.7,
            0.5,
            Results.digest('4'),
            null,
            null);

    /** What the two stages are told that have to know of it: Prepare checks the suite, Evaluate repairs. */
    private static List<EvaluationThresholds> told(String safety, @Nullable VectorInput vector) {
        FineTuneTasks tasks = new FineTuneTasks(Manifests.fineTune(safety).getSpec(), false);
        StageTask.Prepare prepare =
                tasks.prepare(new SuiteSpec(new SourceSpec("pvc://suite/p"), null), vector, THRESHOLDS);
        return List.of(
                java.util.Objects.requireNonNull(prepare.thresholds()),
                tasks.evaluate(Inputs.of(Map.of()), THRESHOLDS, "bot-1", vector).thresholds());
    }

    @Test
    void nothingIsRepairedByDefaultAndNothingTellsOfIt() {
        for (String safety : List.of("", "safety: {repair: Disabled}\n")) {
            assertThat(told(safety, VECTOR)).containsExactly(THRESHOLDS, THRESHOLDS);
            assertThat(told(safety, VECTOR))
                    .allSatisfy(thresholds ->
                            assertThat(ContractJson.write(thresholds)).doesNotContain("repair"));
        }
    }

    @Test
    void bothStagesAreToldOfARepair() {
        EvaluationThresholds once = THRESHOLDS.with(Repair.ONCE);
        assertThat(told("safety: {repair: Once}\n", VECTOR)).containsExactly(once, once);
    }

    /** The answers that it trains on lie beside a vector. */
    @Test
    void withoutAVectorNothingIsRepaired() {
        assertThat(told("safety: {repair: Once}\n", null)).containsExactly(THRESHOLDS, THRESHOLDS);
    }
}
