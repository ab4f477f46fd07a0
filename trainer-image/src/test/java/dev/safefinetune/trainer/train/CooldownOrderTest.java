package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CooldownOrderTest {
    private static final List<EncodedSample> REFUSALS = Tiny.samples(5, 1, 3);
    private static final List<EncodedSample> LOOK_ALIKES = Tiny.samples(7, 2, 3);
    private static final List<EncodedSample> USER = Tiny.samples(40, 3, 3);

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 32})
    void aQuarterAQuarterAndAHalfWhateverTheBatch(int batch) {
        List<EncodedSample> drawn = draw(new Cooldown(REFUSALS, LOOK_ALIKES, USER, 1, 1), batch, 96 / batch);

        assertThat(count(drawn, REFUSALS)).isCloseTo(24, within(1L));
        assertThat(count(drawn, LOOK_ALIKES)).isCloseTo(24, within(1L));
        assertThat(count(drawn, USER)).isCloseTo(48, within(1L));
    }

    @Test
    void anEmptyPartLeavesItsShareToTheOthers() {
        List<EncodedSample> drawn = draw(new Cooldown(REFUSALS, List.of(), USER, 1, 1), 6, 10);

        assertThat(count(drawn, REFUSALS)).isEqualTo(20);
        assertThat(count(drawn, USER)).isEqualTo(40);
    }

    @Test
    void eachPartIsWalkedWholeBeforeASampleComesAgain() {
        List<EncodedSample> drawn = draw(new Cooldown(REFUSALS, LOOK_ALIKES, USER, 1, 1), 4, 20);

        assertThat(drawn.stream().filter(USER::contains)).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void goesOnWhereAnEarlierProcessWasEnded() {
        Cooldown cooldown = new Cooldown(REFUSALS, LOOK_ALIKES, USER, 1, 1);
        List<EncodedSample> whole = draw(cooldown, 6, 10);

        assertThat(new CooldownOrder(cooldown, 6, 9).skip(9).next()).isEqualTo(whole.subList(54, 60));
    }

    @Test
    void theDefaultRateIsAQuarterOfTheTrainingsAndHasALimit() {
        assertThat(Cooldown.defaultRate(2e-4)).isEqualTo(5e-5);
        assertThat(Cooldown.defaultRate(1e-2)).isEqualTo(5e-4);
    }

    @Test
    void stepsWithoutSamplesAreRefused() {
        assertThatThrownBy(() -> new Cooldown(List.of(), List.of(), List.of(), 3, 1))
                .hasMessageContaining("a cooldown of 3 steps needs samples");
    }

    private static List<EncodedSample> draw(Cooldown cooldown, int batch, int steps) {
        CooldownOrder order = new CooldownOrder(cooldown, batch, 9);
        List<EncodedSample> drawn = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            drawn.addAll(order.next());
        }
        return drawn;
    }

    private static long count(List<EncodedSample> drawn, List<EncodedSample> part) {
        return drawn.stream().filter(part::contains).count();
    }
}
