package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.trainer.train.StepRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageProgressTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Progress> told = new ArrayList<>();
    private final Ticking clock = new Ticking();
    private final StageProgress progress = new StageProgress(Stage.TRAIN, clock, told::add);

    private static final class Ticking extends Clock {
        private Instant now = THEN;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static StepRecord step(int number) {
        return new StepRecord(number, StepRecord.Phase.TRAIN, 1e-3, 0.5, null, 1.0, 8, 0);
    }

    private void pass(int seconds) {
        clock.now = clock.now.plus(Duration.ofSeconds(seconds));
    }

    @Test
    void goesOnWhereAnEarlierProcessWas() {
        progress.begin("secured arm", 0, 50, 0.8);
        progress.activity("fine-tune");
        progress.checkpointed(THEN.minusSeconds(100));
        progress.resumed(80, 100, 8000);
        pass(10);
        progress.stepped(step(81), 100, 8100);
        pass(10);
        progress.stepped(step(100), 100, 10_000);
        progress.activity("writing");

        assertThat(told).extracting(Progress::percentage).containsExactly(40, 40, 40, 40, 50, 50);
        assertThat(told.getFirst().lastCheckpointTime()).isNull();
        assertThat(told.getLast().lastCheckpointTime()).isEqualTo(THEN.minusSeconds(100));
        assertThat(told.get(3).tokensPerSecond())
                .as("only what this process did counts for its speed")
                .isEqualTo(10.0);
        assertThat(told.get(2).estimatedRemainingSeconds()).as("not known yet").isNull();
        assertThat(told.get(4).estimatedRemainingSeconds())
                .as("10 % took 20 s, 50 % are left")
                .isEqualTo(100);
    }

    @Test
    void neverGoesBack() {
        progress.begin("secured arm", 0, 55);
        progress.stepped(step(10), 10, 100);
        progress.activity("writing");
        progress.begin("plain arm", 55, 95);
        progress.activity("plain fine-tune");
        progress.stepped(step(5), 10, 50);
        assertThat(told).extracting(Progress::percentage).containsExactly(0, 55, 55, 55, 55, 75);
    }
}
