package dev.safefinetune.trainer.checkpoint;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When the next checkpoint is due: early enough that a kill during the next step costs no more than one interval.
 *
 * <p>Its clock only ever goes forward, so that a wall clock that is set does not matter.
 */
public final class Cadence {
    private final long every;
    private final LongSupplier nanoTime;
    private long last;
    private long asked;

    /**
     * The first interval begins now.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    public Cadence(Duration every, LongSupplier nanoTime) {
        this.every = every.toNanos();
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
        this.asked = last;
    }

    /** Asked after each step: whether the interval would be over at the end of another step of this length. */
    public boolean isDue() {
        long now = nanoTime.getAsLong();
        long step = now - asked;
        asked = now;
        return now - last + step > every;
    }

    /** Begins the next interval. */
    public void restart() {
        last = nanoTime.getAsLong();
        asked = last;
    }
}
