package dev.safefinetune.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.JudgeStatus;
import dev.safefinetune.contract.JudgeAgreement;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.world.Results;
import org.junit.jupiter.api.Test;

/** What a judge model said, on the status. */
class JudgeFiguresTest {
    private static StageFigures.Evaluation judged(JudgeAgreement agreement) {
        StageFigures.Evaluation e = Results.evaluation(Verdict.PASSED);
        return new StageFigures.Evaluation(
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
                new StageFigures.Judge(Results.digest('3'), agreement),
                e.beforeRepair());
    }

    @Test
    void theStatusSaysWhichJudgeAndHowFarItAgrees() {
        assertThat(Figures.evaluation(judged(JudgeAgreement.of(2, 1, 3, 194))).judge())
                .isEqualTo(new JudgeStatus(Results.digest('3').value(), 200, 2, 1, 3, "0.98", "0.4904"));
    }

    @Test
    void withoutADifferenceThereIsNoKappa() {
        JudgeStatus judge =
                Figures.evaluation(judged(JudgeAgreement.of(0, 0, 0, 200))).judge();

        assertThat(judge).isNotNull().returns("1", JudgeStatus::agreement).returns(null, JudgeStatus::kappa);
    }

    @Test
    void withoutAJudgeNothingIsSaid() {
        assertThat(Figures.evaluation(Results.evaluation(Verdict.PASSED)).judge())
                .isNull();
    }
}
