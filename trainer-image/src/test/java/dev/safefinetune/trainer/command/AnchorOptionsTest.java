package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.AnchorSettings;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.trainer.store.TrainerException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class AnchorOptionsTest {
    private static @Nullable AnchorSettings settings(boolean vector, String... words) {
        return settings(vector, FineTuning.Method.LORA, words);
    }

    private static @Nullable AnchorSettings settings(boolean vector, FineTuning.Method method, String... words) {
        AnchorOptions options = new AnchorOptions();
        new CommandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(options)).parseArgs(words);
        return options.settings(vector, method);
    }

    /** As spec.safety.anchor has it where a manifest says nothing. */
    @Test
    void aVectorBringsAnAnchorByDefault() {
        assertThat(settings(true)).isEqualTo(new AnchorSettings(1));
        assertThat(settings(true, FineTuning.Method.FULL)).isEqualTo(new AnchorSettings(4));
        assertThat(settings(false)).isNull();
    }

    @Test
    void aGivenWeightCounts() {
        assertThat(settings(true, "--anchor-weight", "2.5")).isEqualTo(new AnchorSettings(2.5));
        assertThat(settings(true, "--anchor-weight", "0")).isNull();
        assertThat(settings(false, "--anchor-weight", "0")).isNull();
        assertThatThrownBy(() -> settings(false, "--anchor-weight", "1"))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("--anchor-weight needs --vector");
    }
}
