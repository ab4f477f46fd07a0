package dev.safefinetune.operator.progress;

import dev.safefinetune.api.v1alpha1.ProgressStatus;
import dev.safefinetune.contract.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * At most one write in an interval for each run, by whichever replica.
 *
 * <p>What another replica wrote is seen by the report that is on the resource: two times of one pod are compared, so that
 * no other clock matters. A pod may say whatever time it likes, so each replica also keeps its own count by its own clock.
 * Forgetting that, as a restart does, costs one write and nothing else.
 */
final class Throttle {
    private static final int SWEEP_ABOVE = 1000;

    private final Map<String, Instant> last = new ConcurrentHashMap<>();
    private final Duration interval;

    Throttle(Duration interval) {
        this.interval = interval;
    }

    /** Whether the run's turn has come. */
    boolean isOpen(String run, @Nullable ProgressStatus shown, Progress report, Instant now) {
        Instant before = last.get(run);
        return (before == null || !now.isBefore(before.plus(interval))) && !isTooSoonAfter(shown, report);
    }

    private boolean isTooSoonAfter(@Nullable ProgressStatus shown, Progress report) {
        if (shown == null
                || shown.lastUpdatedTime() == null
                || !report.stage().text().equals(shown.stage())) {
            return false;
        }
        Duration since = Duration.between(shown.lastUpdatedTime(), report.lastUpdatedTime());
        // A report from before the one that is shown comes of another pod, with another clock.
        return !since.isNegative() && since.compareTo(interval) < 0;
    }

    /** Notes a write. */
    void wrote(String run, Instant now) {
        if (last.size() > SWEEP_ABOVE) {
            last.values().removeIf(at -> at.plus(interval).isBefore(now));
        }
        last.put(run, now);
    }
}
