package dev.safefinetune.trainer.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorAbsenceTest {
    @ParameterizedTest
    @ValueSource(doubles = {0.51, 1, Double.POSITIVE_INFINITY, Double.NaN})
    void aShareOfTheVectorOrOneThatIsNoNumberIsRefused(double share) {
        assertThatThrownBy(() -> VectorAbsence.requireNoShare("the model", share))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.PUBLISH_CHECK_FAILED))
                .hasMessageContaining("the model holds a share of " + share);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.3, 0, 0.5})
    void aShareThatAModelWithoutTheVectorHasIsNone(double share) {
        VectorAbsence.requireNoShare("the model", share);
    }
}
