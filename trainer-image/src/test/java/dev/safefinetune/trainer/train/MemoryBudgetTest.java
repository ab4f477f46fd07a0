package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    /** Widths of a model of 1 B parameters. */
    private static final ModelConfig LARGE = ModelConfig.untied(128_256, 2048, 8192, 16, 32, 8192);

    private static final long GB = 1L << 30;

    private static MemoryBudget fit(int wished, int longest, long free) {
        return MemoryBudget.fit(LARGE, Precision.BFLOAT16, wished, longest, free);
    }

    @Test
    void withMemoryToSpareWhatIsWishedIsKept() {
        MemoryBudget budget = fit(8192, 512, 70 * GB);
        assertThat(budget.microBatchTokens()).isEqualTo(8192);
        assertThat(ActivationMemory.isTooLarge(LARGE, 8192, 2, budget.keptBytes()))
                .isFalse();
    }

    @Test
    void smallerMicroBatchesComeBeforeCheckpointing() {
        MemoryBudget budget = fit(8192, 512, 10 * GB);
        assertThat(budget.microBatchTokens()).isBetween(1024, 8191);
        assertThat(ActivationMemory.isTooLarge(LARGE, budget.microBatchTokens(), 2, budget.keptBytes()))
                .isFalse();
    }

    @Test
    void whereNotEvenSmallOnesFitLayersAreRunAgain() {
        MemoryBudget budget = fit(8192, 512, GB);
        assertThat(budget.keptBytes()).isZero();
        assertThat(budget.microBatchTokens()).isBetween(512, 8192);
    }

    @Test
    void moreMemoryNeverMeansASmallerMicroBatchWithCheckpointing() {
        int before = 0;
        boolean kept = false;
        for (long free = GB; free < 80 * GB; free += GB / 2) {
            MemoryBudget budget = fit(8192, 512, free);
            boolean keeps = budget.keptBytes() > 0;
            if (keeps == kept) {
                assertThat(budget.microBatchTokens()).isGreaterThanOrEqualTo(before);
            }
            assertThat(keeps || !kept).isTrue();
            before = budget.microBatchTokens();
            kept = keeps;
        }
    }

    @Test
    void aLongSampleIsNotCut() {
        assertThat(fit(1024, 3000, 70 * GB).microBatchTokens()).isEqualTo(3000);
    }

    @Test
    void aFewMebibytesAreRefusedWithTheFigures() {
        assertThatThrownBy(() -> fit(8192, 512, 8 << 20)).isInstanceOfSatisfying(TrainerException.class, e -> {
            assertThat(e.fault()).isEqualTo(Fault.OUT_OF_MEMORY);
            assertThat(e).hasMessageContaining("512 tokens").hasMessageContaining("0.01 GB are free");
        });
    }

    @Test
    void eachNextChoiceIsSmallerAndThereIsALastOne() {
        List<MemoryBudget> tried = new ArrayList<>(List.of(new MemoryBudget(4096, GB)));
        while (tried.getLast().smaller(700).isPresent()) {
            tried.add(tried.getLast().smaller(700).orElseThrow());
        }
        assertThat(tried)
                .containsExactly(
                        new MemoryBudget(4096, GB),
                        new MemoryBudget(4096, 0),
                        new MemoryBudget(2048, 0),
                        new MemoryBudget(1024, 0),
                        new MemoryBudget(700, 0));
    }

    /** Memory runs out in a step whose gradients are half gathered: the step counts once, and the result is the same. */
    @Test
    void aStepInWhichMemoryRanOutIsMadeOnce() {
        List<MemoryBudget> cuts = new ArrayList<>();
        float[] disturbed = train(3, cuts);
        assertThat(cuts)
                .containsExactly(
                        MemoryBudget.ofProcessors(64),
                        new MemoryBudget(64, 0),
                        new MemoryBudget(32, 0),
                        new MemoryBudget(16, 0));
        assertThat(ParityCase.relativeError(disturbed, train(0, new ArrayList<>())))
                .isLessThan(1e-4);
    }

    @Test
    void whereNothingSmallerIsLeftTheFaultIsTold() {
        assertThatThrownBy(() -> train(99, new ArrayList<>()))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.OUT_OF_MEMORY));
    }

    /** Parameters after three steps, in the second of which memory runs out so many times. */
    private static float[] train(int times, List<MemoryBudget> cuts) {
        List<EncodedSample> samples = Tiny.samples(8, 1, 3);
        int longest = samples.stream().mapToInt(EncodedSample::length).max().orElseThrow();
        int[] left = {times};
        TrainingListener listener = new TrainingListener() {
            @Override
            public void cut(MemoryBudget budget, boolean again) {
                cuts.add(budget);
            }

            @Override
            public void stepped(StepRecord step, int steps, long tokens) {}
        };
        try (CausalModel model = Tiny.model(1);
                Adapter adapter = Adapter.create(model, Tiny.LORA, 3);
                Scope scope = new Scope();
                Stepper stepper = new Stepper(
                        model.network(),
                        scope,
                        Trainable.of(model.network(), scope, adapter),
                        Tiny.settings(1, 1e-2, 8, 64),
                        3,
                        longest,
                        listener,
                        Checkpoints.NONE)) {
            stepper.walk(
                    3,
                    () -> () -> {
                        double sum = stepper.pass().likelihood(samples.subList(0, 5), List.of(), 0.1);
                        if (stepper.done() == 1 && left[0]-- > 0) {
                            throw new TrainerException(Fault.OUT_OF_MEMORY, "no memory left");
                        }
                        sum += stepper.pass().likelihood(samples.subList(5, 8), List.of(), 0.1);
                        stepper.step(new StepRecord(
                                stepper.current(), StepRecord.Phase.TRAIN, 1e-2, sum, null, null, samples.size(), 0));
                    },
                    () -> {});
            assertThat(stepper.records()).hasSize(3);
            return adapter.parameters().flat().floats();
        }
    }
}
