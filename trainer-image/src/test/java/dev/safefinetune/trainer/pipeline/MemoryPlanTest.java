package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.contract.MinMinSettings;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.family.Rope;
import dev.safefinetune.trainer.kernel.Architecture;
import dev.safefinetune.trainer.store.DType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPlanTest {
    private static final ModelConfig SMOLLM2 = new ModelConfig(
            49_152,
            8192,
            Architecture.llama(new Architecture.Sizes(30, 576, 1536, 9, 3, 64), 1e-5, false, false, true),
            List.of(new Rope(1e5, Rope.Scaling.NONE)),
            0.04,
            DType.F32);
    private static final MemoryPlan.Stored STORED = new MemoryPlan.Stored(134_515_008, Map.of(DType.F32, 134_515_008L));
    private static final LoraSettings LORA = new LoraSettings(8, 16, false, List.of("all-linear"));

    private static Hyperparameters settings(int batch, int microBatchTokens) {
        return new Hyperparameters(
                1, 1e-4, batch, microBatchTokens, 2048, Hyperparameters.Scheduler.LINEAR, 0, 0.999, 0, 1, 0);
    }

    /** Largest resident set of a training process, measured on Linux: LoRA of rank 8, four samples, labels on a quarter. */
    @ParameterizedTest
    @CsvSource({"64,1072576", "256,1898452"})
    void planIsCloseToWhatWasMeasured(int length, long kibibytes) {
        long planned = MemoryPlan.bytes(SMOLLM2, STORED, settings(4, 1 << 20), LORA, length, Precision.FLOAT32);
        assertThat(planned / 1024).isCloseTo(kibibytes, withinPercentage(15));
    }

    /** The copy is an adapter of the vector's shape, with gradients and moments of its own. */
    @Test
    void theCopyOfMinMinLearnsTooAndIsCounted() {
        long single = MemoryPlan.bytes(SMOLLM2, STORED, vector(VectorTraining.Objective.SINGLE_LEVEL, null), 64);
        long both = MemoryPlan.bytes(
                SMOLLM2, STORED, vector(VectorTraining.Objective.MIN_MIN, new MinMinSettings(60, 1, 1, 1e-3)), 64);
        long learns =
                MemoryPlan.parts(SMOLLM2, STORED, LORA, 64, Precision.FLOAT32).trained();
        assertThat(both - single).isEqualTo(learns).isPositive();
    }

    private static VectorTraining vector(VectorTraining.Objective objective, @Nullable MinMinSettings minMin) {
        return new VectorTraining(objective, LORA, settings(4, 4096), 1, Precision.FLOAT32, minMin);
    }

    /** Beyond a bound, layers are run again in the backward pass instead of kept. */
    @Test
    void hugeMicroBatchesKeepLayersInputsOnly() {
        long huge = MemoryPlan.bytes(SMOLLM2, STORED, settings(64, 1 << 20), LORA, 256, Precision.FLOAT32);
        assertThat(huge).isLessThan(5L << 30);
    }

    @Test
    void microBatchesBoundWhatLongBatchesNeed() {
        long all = MemoryPlan.bytes(SMOLLM2, STORED, settings(8, 1 << 20), LORA, 256, Precision.FLOAT32);
        long split = MemoryPlan.bytes(SMOLLM2, STORED, settings(8, 1024), LORA, 256, Precision.FLOAT32);
        assertThat(split).isLessThan(all - (800L << 20));
    }
}
