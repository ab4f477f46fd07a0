package dev.safefinetune.operator.progress;

/** So many at once, and so many a second from then on. */
final class TokenBucket {
    private final double capacity;
    private final double perNano;
    private double tokens;
    private long filledAt;

    TokenBucket(int capacity, double perSecond, long nanos) {
        this.capacity = capacity;
        this.perNano = perSecond / 1e9;
        this.tokens = capacity;
        this.filledAt = nanos;
    }

    /** Takes one; else says how many nanoseconds it takes until there is one again. */
    synchronized long take(long nanos) {
        tokens = Math.min(capacity, tokens + Math.max(0, nanos - filledAt) * perNano);
        filledAt = nanos;
        if (tokens >= 1) {
            tokens -= 1;
            return 0;
        }
        return (long) Math.ceil((1 - tokens) / perNano);
    }
}
