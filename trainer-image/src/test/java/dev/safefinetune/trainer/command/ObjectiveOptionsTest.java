package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.MinMinSettings;
import dev.safefinetune.contract.VectorTraining.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class ObjectiveOptionsTest {
    @Command
    private static final class Holder {
        @Mixin
        private ObjectiveOptions options = new ObjectiveOptions();
    }

    private static ObjectiveOptions of(String... words) {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(words);
        return holder.options;
    }

    @Test
    void withoutAWordItIsSingleLevel() {
        assertThat(of().objective()).isEqualTo(Objective.SINGLE_LEVEL);
        assertThat(of().minMin()).isNull();
    }

    @Test
    void minMinHasTheDefaultsOfTheResource() {
        assertThat(of("--objective", "min-min").objective()).isEqualTo(Objective.MIN_MIN);
        assertThat(of("--objective", "min-min").minMin()).isEqualTo(new MinMinSettings(60, 1, 1, 1e-3));
        assertThat(of("--objective=MIN-MIN", "--warm-up-steps=0", "--copy-steps=3", "--copy-learning-rate=0.5")
                        .minMin())
                .isEqualTo(new MinMinSettings(0, 3, 1, 0.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--warm-up-steps", "--copy-steps", "--vector-steps", "--copy-learning-rate"})
    void aSettingOfMinMinWithoutIt(String option) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(option, "1").minMin())
                .withMessageContaining(option + " needs --objective min-min");
    }

    @Test
    void anObjectiveThatThereIsNot() {
        assertThatThrownBy(() -> of("--objective", "max-min"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("expected single-level or min-min, was 'max-min'");
    }
}
