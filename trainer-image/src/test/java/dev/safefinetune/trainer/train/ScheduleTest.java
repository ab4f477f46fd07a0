package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.Hyperparameters.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    private static LearningRate rate(Scheduler scheduler, double warmup, int steps) {
        return new LearningRate(new Hyperparameters(1, 0.4, 8, 64, 64, scheduler, warmup, 0.999, 0, 1, 0), steps);
    }

    @ParameterizedTest
    @CsvSource({
        "CONSTANT,0,0.4",
        "CONSTANT,99,0.4",
        "LINEAR,0,0.4",
        "LINEAR,50,0.2",
        "LINEAR,99,0.004",
        "COSINE,0,0.4",
        "COSINE,50,0.2",
        "COSINE,25,0.3414213"
    })
    void fallsAsTheSchedulerSays(Scheduler scheduler, int step, double expected) {
        assertThat(rate(scheduler, 0, 100).at(step)).isCloseTo(expected, within(1e-6));
    }

    @Test
    void risesLinearlyFromTheFirstStepOn() {
        LearningRate rate = rate(Scheduler.LINEAR, 0.1, 100);
        assertThat(rate.at(0)).isCloseTo(0.04, within(1e-12));
        assertThat(rate.at(9)).isCloseTo(0.4, within(1e-12));
        assertThat(rate.at(10)).isCloseTo(0.4, within(1e-12));
        assertThat(rate.at(55)).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void everyEpochTakesEachSampleOnceAndEachInAnotherOrder() {
        SampleOrder order = new SampleOrder(10, 4, 5);
        assertThat(SampleOrder.steps(10, 4, 2)).isEqualTo(6);
        List<List<Integer>> epochs = new ArrayList<>();
        for (int epoch = 0; epoch < 2; epoch++) {
            List<Integer> seen = new ArrayList<>();
            for (int size : new int[] {4, 4, 2}) {
                int[] step = order.next();
                assertThat(step).hasSize(size);
                Arrays.stream(step).forEach(seen::add);
            }
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 10).boxed().toList());
            epochs.add(seen);
        }
        assertThat(epochs.getFirst()).isNotEqualTo(epochs.getLast());
    }
}
