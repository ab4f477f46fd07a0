package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.ClockState;
import dev.safefinetune.api.v1alpha1.RunClockStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a run has spent its time. It is written down only when it turns from one thing to another, so that a run that goes on
 * costs no write; the time since then follows from the clock. An operator whose clock is behind another's counts nothing
 * twice: time never runs backwards here.
 */
final class RunClock {
    private RunClock() {}

    /** The clock after it was seen to be in a state. */
    static RunClockStatus turn(@Nullable RunClockStatus before, ClockState state, Instant now) {
        if (before == null) {
            return new RunClockStatus(state, now, 0L, 0L);
        }
        return before.state() == state
                ? before
                : new RunClockStatus(
                        state,
                        now,
                        spent(before, ClockState.QUEUED, now).toSeconds(),
                        spent(before, ClockState.ACTIVE, now).toSeconds());
    }

    /** What the run has spent on something so far. */
    static Duration spent(@Nullable RunClockStatus clock, ClockState on, Instant now) {
        if (clock == null || on == ClockState.STOPPED) {
            return Duration.ZERO;
        }
        Duration before = Duration.ofSeconds(on == ClockState.QUEUED ? clock.queuedSeconds() : clock.activeSeconds());
        Duration since = Duration.between(clock.since(), now);
        return clock.state() == on && !since.isNegative() ? before.plus(since) : before;
    }
}
