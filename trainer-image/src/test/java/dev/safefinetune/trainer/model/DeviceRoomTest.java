package dev.safefinetune.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.store.TrainerException;
import org.junit.jupiter.api.Test;

class DeviceRoomTest {
    /** 1.50 B parameters: 2 · 128,256 · 2,048 for tokens and head, 16 layers of 60.8 M. */
    private static final ModelConfig LARGE = ModelConfig.untied(128_256, 2048, 8192, 16, 32, 8192);

    @Test
    void weightsThatFitAreLoaded() {
        assertThatCode(() -> DeviceRoom.require(LARGE, Precision.BFLOAT16, "cuda:0", 4_000_000_000L))
                .doesNotThrowAnyException();
    }

    @Test
    void weightsThatDoNotFitAreRefusedWithTheFigures() {
        assertThatThrownBy(() -> DeviceRoom.require(LARGE, Precision.FLOAT32, "cuda:0", 4_000_000_000L))
                .isInstanceOfSatisfying(TrainerException.class, e -> {
                    assertThat(e.fault()).isEqualTo(Fault.OUT_OF_MEMORY);
                    assertThat(e).hasMessageContaining("GB in float32, and cuda:0 has 4.00 GB free");
                });
    }
}
