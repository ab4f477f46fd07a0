package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.model.ModelConfig;
import dev.safefinetune.trainer.model.Rope;
import dev.safefinetune.trainer.store.DType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPlanTest {
    private static final ModelConfig SMOLLM2 = new ModelConfig(
            49_152,
            576,
            1536,
            30,
            9,
            3,
            64,
            8192,
            1e-5,
            false,
            false,
            true,
            new Rope(1e5, Rope.Scaling.NONE),
            0.04,
            DType.F32);
    private static final MemoryPlan.Stored STORED = new MemoryPlan.Stored(134_515_008, 0);
    private static final LoraSettings LORA = new LoraSettings(8, 16, false, List.of("all-linear"));

    private static Hyperparameters settings(int batch, int microBatchTokens) {
        return new Hyperparameters(
                1, 1e-4, batch, microBatchTokens, 2048, Hyperparameters.Scheduler.LINEAR, 0, 0.999, 0, 1, 0);
    }

    /** Largest resident set of a training process, measured on Linux: LoRA of rank 8, four samples, labels on a quarter. */
    @ParameterizedTest
    @CsvSource({"64,1072576", "256,1898452"})
    void planIsCloseToWhatWasMeasured(int length, long kibibytes) {
        long planned = MemoryPlan.bytes(SMOLLM2, STORED, settings(4, 1 << 20), LORA, length);
        assertThat(planned / 1024).isCloseTo(kibibytes, withinPercentage(15));
    }

    /** Beyond a bound, layers are run again in the backward pass instead of kept. */
    @Test
    void hugeMicroBatchesKeepLayersInputsOnly() {
        long huge = MemoryPlan.bytes(SMOLLM2, STORED, settings(64, 1 << 20), LORA, 256);
        assertThat(huge).isLessThan(5L << 30);
    }

    @Test
    void microBatchesBoundWhatLongBatchesNeed() {
        long all = MemoryPlan.bytes(SMOLLM2, STORED, settings(8, 1 << 20), LORA, 256);
        long split = MemoryPlan.bytes(SMOLLM2, STORED, settings(8, 1024), LORA, 256);
        assertThat(split).isLessThan(all - (800L << 20));
    }
}
