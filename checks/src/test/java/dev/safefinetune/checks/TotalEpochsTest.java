package dev.safefinetune.checks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotalEpochsTest {
    /** Twenty steps of 16 are 320 samples. */
    @ParameterizedTest
    @CsvSource({
        "3, 0, , 3, false",
        "4, 0, , 3, true",
        "3, 20, , 3, true",
        "2, 20, , 3, false",
        "2, 20, 320, 3, false",
        "2, 20, 319, 3, true",
        "2, 20, 160, 4, false",
        "2, 20, 160, 3, true",
        "1, 100000, 1, 5, true",
        "3, 0, 10, 3, false"
    })
    void countsTheCooldownsStepsAsFarAsTheyAreKnown(int epochs, int steps, Integer rows, int limit, boolean exceeded) {
        assertThat(new TotalEpochs(epochs, steps, 0, 16, rows).exceeds(limit)).isEqualTo(exceeded);
    }

    @Test
    void saysWhatItIsMadeOf() {
        assertThat(new TotalEpochs(2, 20, 0, 16, 90).text(2))
                .isEqualTo(
                        "2 and spec.safety.cooldown.steps is 20, each of 16" + " samples: 5.56 epochs of 90 samples");
        assertThat(new TotalEpochs(2, 0, 0, 16, 90).text(1)).isEqualTo("2");
    }

    @Test
    void countsTheStepsOfARepairThatMayCome() {
        assertThat(new TotalEpochs(3, 0, 30, 16, null).exceeds(3)).isTrue();
        assertThat(new TotalEpochs(2, 20, 30, 16, 800).exceeds(3)).isFalse();
        assertThat(new TotalEpochs(2, 20, 30, 16, 799).exceeds(3)).isTrue();
        assertThat(new TotalEpochs(2, 0, 30, 16, 100).text(2))
                .isEqualTo("2 and spec.safety.repair is Once, of 30 steps, each of"
                        + " 16 samples: 6.8 epochs of 100 samples");
        assertThat(TotalEpochs.of(Wishes.spec("safety: {repair: Once, cooldown: {steps: 0}}\n"))
                        .exceeds(3))
                .isTrue();
        assertThat(TotalEpochs.of(Wishes.spec("safety: {cooldown: {steps: 0}}\n"))
                        .exceeds(3))
                .isFalse();
    }

    /** Two epochs of 640 samples are 80 steps of 16. */
    @Test
    void aCooldownThatIsLongerThanTheTrainingIsRefused() {
        assertThat(new TotalEpochs(2, 80, 0, 16, 640).refusalOfCooldown()).isEmpty();
        assertThat(new TotalEpochs(2, 81, 0, 16, 640).refusalOfCooldown())
                .hasValueSatisfying(refusal -> assertThat(refusal.message())
                        .isEqualTo("spec.safety.cooldown.steps is 81; the training before it has 80 steps; give as many"
                                + " at most, or 60"));
        assertThat(new TotalEpochs(1, 60, 0, 16, 3).refusalOfCooldown()).isEmpty();
        assertThat(new TotalEpochs(1, 61, 0, 16, 3).refusalOfCooldown()).isPresent();
        assertThat(new TotalEpochs(1, 61, 0, 16, null).refusalOfCooldown()).isEmpty();
    }
}
