package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.world.Results;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run whose model failed, was repaired and judged once more. */
class RepairedRunTest {
    private static final Inputs REPAIRED = Inputs.of(Map.of(
            Inputs.REPAIRED, Results.digest('5'),
            Inputs.REPAIRED_ADAPTER, Results.digest('6'),
            Inputs.REPAIRED_RECORD, Results.digest('9')));
    private static final Rate BEFORE = new Rate(0.5, 0.4, 0.6, 189);

    @RegisterExtension
    private final Chain chain = new Chain();

    @BeforeEach
    void aRunThatMayBeRepaired() {
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        chain.world.applyFineTune();
        chain.patch("{\"safety\":{\"repair\":\"Once\"}}");
    }

    private static StageResult judged(JobSpec spec, Verdict verdict, Inputs repaired, @Nullable Rate before) {
        if (!(spec.task() instanceof StageTask.Evaluate task)) {
            return Results.good(spec);
        }
        assertThat(task.thresholds().repairs()).isTrue();
        StageFigures.Evaluation e = Results.evaluation(verdict);
        StageFigures figures = new StageFigures.Evaluation(
                e.verdict(),
                e.findings(),
                e.base(),
                e.secured(),
                e.plain(),
                e.refusals(),
                e.neither(),
                e.newTask(),
                e.oldTasks(),
                e.suiteProved(),
                e.inForms(),
                e.judge(),
                before);
        return StageResult.done(
                spec.run(), Stage.EVALUATE, Results.outputs(task).plus(repaired), figures);
    }

    @Test
    void theRepairedModelIsPublishedAndTheStatusTellsOfIt() {
        chain.runToTheEnd(spec -> judged(spec, Verdict.PASSED, REPAIRED, BEFORE));

        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.bot("/output/digest")).isEqualTo(Results.digest('5').value());
        assertThat(chain.bot("/safety/evaluation/verdict")).isEqualTo("Passed");
        assertThat(chain.bot("/safety/evaluation/repaired")).isEqualTo("true");
        assertThat(chain.bot("/safety/evaluation/beforeRepair/rate")).isEqualTo("0.5");
        assertThat(chain.bot("/stages/2/attempts")).isEqualTo("2");
        assertThat(chain.bot("/stages/1/attempts")).isEqualTo("1");
    }

    @Test
    void ofARepairedModelTheRepairedAdapterIsPublished() {
        chain.patch("{\"output\":{\"content\":\"Adapter\"}}");
        chain.runToTheEnd(spec -> judged(spec, Verdict.PASSED, REPAIRED, BEFORE));

        assertThat(chain.bot("/output/digest")).isEqualTo(Results.digest('6').value());
    }

    @Test
    void aRepairInVainCountsAndNothingIsPublished() {
        chain.runToTheEnd(spec -> judged(spec, Verdict.FAILED, Inputs.of(Map.of()), BEFORE));

        assertThat(chain.condition("SafetyGatePassed")).isEqualTo("False SafetyGateRefused");
        assertThat(chain.bot("/stages/2/attempts")).isEqualTo("2");
        assertThat(chain.bot("/safety/evaluation/repaired")).isEqualTo("true");
    }

    /** Otherwise the model that failed would be published with the verdict of another. */
    @Test
    void aVerdictAfterARepairWithoutTheRepairedModelEndsTheRun() {
        chain.runToTheEnd(spec -> judged(spec, Verdict.PASSED, Inputs.of(Map.of()), BEFORE));

        assertThat(chain.bot("/phase")).isEqualTo("Failed");
        assertThat(chain.condition("SafetyGatePassed")).isEqualTo("False NotVerified");
        assertThat(chain.bot("/stages/2/reason")).isEqualTo("ResultContradictory");
    }

    @Test
    void aRepairedModelWithoutARepairEndsTheRun() {
        chain.runToTheEnd(spec -> judged(spec, Verdict.PASSED, REPAIRED, null));

        assertThat(chain.bot("/phase")).isEqualTo("Failed");
        assertThat(chain.bot("/stages/2/reason")).isEqualTo("ResultContradictory");
    }

    @Test
    void aModelThatPassedAtOnceHasNoRepairOnItsStatus() {
        chain.runToTheEnd(spec -> judged(spec, Verdict.PASSED, Inputs.of(Map.of()), null));

        assertThat(chain.bot("/output/digest")).isEqualTo(Results.digest('d').value());
        assertThat(chain.bot("/safety/evaluation/repaired")).isEmpty();
        assertThat(chain.bot("/stages/2/attempts")).isEqualTo("1");
    }
}
