package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.trainer.store.TrainerException;
import org.junit.jupiter.api.Test;

class CooldownSettingsTest {
    @Test
    void aCooldownIsAtMostAsLongAsTheTrainingOrAsTheDefault() {
        assertThatCode(() -> new CooldownSettings(96, 1e-4).requireWithin(96)).doesNotThrowAnyException();
        assertThatCode(() -> new CooldownSettings(60, 1e-4).requireWithin(3)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new CooldownSettings(97, 1e-4).requireWithin(96))
                .isInstanceOf(TrainerException.class)
                .hasMessage("the cooldown has 97 steps, and the training before it 96; give as many at most, or 60");
    }
}
