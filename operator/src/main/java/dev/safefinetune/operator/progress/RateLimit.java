package dev.safefinetune.operator.progress;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * How often the server listens at all: to one pod, told by its address, and to all together. It is asked before a token is
 * looked at, so that nobody can make the operator spend calls of the API server.
 */
final class RateLimit {
    /** A pod that keeps to the interval uses a quarter of this. */
    private static final double PER_INTERVAL = 4;

    private static final int BURST = 20;
    private static final double ALL_PER_SECOND = 200;
    private static final int ALL_BURST = 400;
    private static final long MOST_ADDRESSES = 10_000;

    private final Cache<String, TokenBucket> addresses = Caffeine.newBuilder()
            .maximumSize(MOST_ADDRESSES)
            .expireAfterAccess(Duration.ofMinutes(10))
            .executor(Runnable::run)
            .build();
    private final TokenBucket all = new TokenBucket(ALL_BURST, ALL_PER_SECOND, System.nanoTime());
    private final double perSecond;

    RateLimit(Duration interval) {
        this.perSecond = PER_INTERVAL * 1000 / interval.toMillis();
    }

    /** Seconds to wait, rounded up; 0: come in. */
    long retryAfterSeconds(String address, long nanos) {
        long wait = addresses
                .get(address, key -> new TokenBucket(BURST, perSecond, nanos))
                .take(nanos);
        // Whoever is turned away by its own limit takes nothing from the others.
        if (wait == 0) {
            wait = all.take(nanos);
        }
        return (wait + 999_999_999) / 1_000_000_000;
    }
}
