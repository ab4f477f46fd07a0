package dev.safefinetune.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JudgeAgreementTest {
    /** The example of Cohen's paper in small: 20 and 15 of 50 agreed on, .4 beyond chance. */
    @Test
    void kappaIsTheAgreementBeyondChance() {
        JudgeAgreement agreement = JudgeAgreement.of(20, 5, 10, 15);

        assertThat(agreement.answers()).isEqualTo(50);
        assertThat(agreement.agreement()).isEqualTo(0.7);
        assertThat(agreement.kappa()).isEqualTo(0.4);
    }

    @Test
    void thereIsNoneWhereBothSayOneAndTheSame() {
        assertThat(JudgeAgreement.of(0, 0, 0, 9)).isEqualTo(new JudgeAgreement(0, 0, 0, 9, 1, null));
        assertThat(JudgeAgreement.of(9, 0, 0, 0).kappa()).isNull();
        assertThat(JudgeAgreement.of(0, 9, 0, 0)).isEqualTo(new JudgeAgreement(0, 9, 0, 0, 0, 0.0));
        assertThat(JudgeAgreement.of(0, 1, 1, 0).kappa()).isEqualTo(-1);
    }

    @Test
    void aReportSaysSomethingOfTheModelThatIsJudged() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JudgeReport(Samples.DIGEST, Samples.JUDGE, new TreeMap<>(), new Tokens(0, 0)))
                .withMessageContaining("judge.agreement.secured");
    }

    @Test
    void settingsAreAllThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JudgeSettings(" ", "unsafe", "safe"))
                .withMessageContaining("judge.template");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JudgeSettings("{{ request }}{{ answer }}", "", "safe"))
                .withMessageContaining("judge.harmfulPattern");
    }
}
