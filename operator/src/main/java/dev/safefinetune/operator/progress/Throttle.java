package dev.safefinetune.operator.progress;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** At most one write in an interval for each run. Forgetting it, as a restart does, costs one write and nothing else. */
final class Throttle {
    private static final int SWEEP_ABOVE = 1000;

    private final Map<String, Instant> last = new ConcurrentHashMap<>();
    private final Duration interval;

    Throttle(Duration interval) {
        this.interval = interval;
    }

    /** Whether the run's turn has come. */
    boolean isOpen(String run, Instant now) {
        Instant before = last.get(run);
        return before == null || !now.isBefore(before.plus(interval));
    }

    /** Notes a write. */
    void wrote(String run, Instant now) {
        if (last.size() > SWEEP_ABOVE) {
            last.values().removeIf(at -> at.plus(interval).isBefore(now));
        }
        last.put(run, now);
    }
}
