package dev.safefinetune.cluster.e2e;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what a cluster does in its own time. */
final class Until {
    private static final long LOOK = 200;

    private Until() {}

    /**
     * Looks until it holds.
     *
     * @return how long that took
     * @throws AssertionError where it does not within the patience, with what was seen last
     */
    static Duration holds(String what, Duration patience, BooleanSupplier check, Supplier<String> seen) {
        long begin = System.nanoTime();
        while (!check.getAsBoolean()) {
            if (System.nanoTime() - begin > patience.toNanos()) {
                throw new AssertionError(
                        "waited %d s in vain for %s; seen last: %s".formatted(patience.toSeconds(), what, seen.get()));
            }
            pause();
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    static Duration holds(String what, Duration patience, BooleanSupplier check) {
        return holds(what, patience, check, () -> "nothing else");
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
