package dev.safefinetune.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CadenceTest {
    /** Of steady steps no stretch between two checkpoints is longer than the interval, unless one step is. */
    @ParameterizedTest
    @ValueSource(longs = {1, 7, 30, 59, 60, 61, 200})
    void aKillNeverCostsMoreThanAnInterval(long seconds) {
        AtomicLong now = new AtomicLong(5);
        Cadence cadence = new Cadence(Duration.ofSeconds(60), now::get);
        List<Long> lost = new ArrayList<>();
        long last = now.get();
        for (int step = 0; step < 500; step++) {
            now.addAndGet(Duration.ofSeconds(seconds).toNanos());
            lost.add(Duration.ofNanos(now.get() - last).toSeconds());
            if (cadence.isDue()) {
                // Writing takes its time and is not training.
                now.addAndGet(Duration.ofSeconds(3).toNanos());
                cadence.restart();
                last = now.get();
            }
        }
        assertThat(lost).allSatisfy(l -> assertThat(l).isLessThanOrEqualTo(Math.max(60, seconds)));
        assertThat(lost).as("and not at every step").contains(Math.max(seconds, 60 / seconds * seconds));
    }
}
