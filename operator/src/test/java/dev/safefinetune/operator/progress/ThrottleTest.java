package dev.safefinetune.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.ProgressStatus;
import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Stage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final Instant NOW = Instant.parse("2026-03-05T14:07:09Z");

    private final Throttle throttle = new Throttle(Duration.ofSeconds(5));

    private static Progress report(Stage stage, Instant at) {
        return new Progress(stage, 40, 9L, "steps", 4, 10, 0.5, 100.0, at, null);
    }

    private static ProgressStatus shown(Stage stage, @Nullable Instant at) {
        return new ProgressStatus(stage.text(), 30, null, null, null, null, null, null, at, null);
    }

    @Test
    void aReplicaWritesOnceInAnInterval() {
        assertThat(throttle.isOpen("run", null, report(Stage.TRAIN, NOW), NOW)).isTrue();
        throttle.wrote("run", NOW);
        assertThat(throttle.isOpen("run", null, report(Stage.TRAIN, NOW), NOW.plusMillis(4_999)))
                .isFalse();
        assertThat(throttle.isOpen("another", null, report(Stage.TRAIN, NOW), NOW))
                .isTrue();
        assertThat(throttle.isOpen("run", null, report(Stage.TRAIN, NOW), NOW.plusSeconds(5)))
                .isTrue();
    }

    /** The other replica wrote three seconds ago by the pod's clock; our own clock is ten minutes off and does not matter. */
    @Test
    void whatAnotherReplicaWroteCountsByThePodsOwnClock() {
        Instant ours = NOW.plus(Duration.ofMinutes(10));
        assertThat(throttle.isOpen("run", shown(Stage.TRAIN, NOW), report(Stage.TRAIN, NOW.plusSeconds(3)), ours))
                .isFalse();
        assertThat(throttle.isOpen("run", shown(Stage.TRAIN, NOW), report(Stage.TRAIN, NOW.plusSeconds(5)), ours))
                .isTrue();
    }

    @Test
    void anotherStageAndAPodWithAnEarlierClockAreNotHeldUp() {
        assertThat(throttle.isOpen("run", shown(Stage.PREPARE, NOW), report(Stage.TRAIN, NOW), NOW))
                .isTrue();
        assertThat(throttle.isOpen("run", shown(Stage.TRAIN, NOW), report(Stage.TRAIN, NOW.minusSeconds(60)), NOW))
                .isTrue();
        assertThat(throttle.isOpen("run", shown(Stage.TRAIN, null), report(Stage.TRAIN, NOW), NOW))
                .isTrue();
    }
}
