package dev.safefinetune.operator.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Await() {}

    /** Returns as soon as it holds; fails when it does not come to. */
    public static void until(String what, BooleanSupplier holds) throws InterruptedException {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); !holds.getAsBoolean() && System.nanoTime() < end; ) {
            Thread.sleep(20);
        }
        assertThat(holds.getAsBoolean()).as(what).isTrue();
    }
}
