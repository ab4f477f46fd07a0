package dev.safefinetune.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000L;

    private final RateLimit limit = new RateLimit(Duration.ofSeconds(5));
    private final long start = System.nanoTime();

    private int admitted(String address, int requests, long nanos) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += limit.retryAfterSeconds(address, nanos) == 0 ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void oneAddressHasItsBurstAndThenItsPace() {
        assertThat(admitted("10.0.0.1", 100, start)).isEqualTo(20);
        assertThat(limit.retryAfterSeconds("10.0.0.1", start)).isEqualTo(2);
        assertThat(admitted("10.0.0.1", 100, start + 5 * SECOND)).isEqualTo(4);
    }

    @Test
    void oneAddressTakesNothingFromAnother() {
        assertThat(admitted("10.0.0.1", 1_000, start)).isEqualTo(20);
        assertThat(admitted("10.0.0.2", 1, start)).isEqualTo(1);
    }

    @Test
    void allTogetherHaveALimitToo() {
        int admitted = 0;
        for (int pod = 0; pod < 100; pod++) {
            admitted += admitted("10.0.1." + pod, 20, start);
        }
        assertThat(admitted).isBetween(400, 410);
        assertThat(limit.retryAfterSeconds("10.0.2.1", start)).isEqualTo(1);
    }
}
