package dev.safefinetune.operator.lead;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock whose age is how long this replica has seen it unchanged. The elector compares the time that the holder wrote
 * with its own clock; of two replicas whose clocks are ten minutes apart, one would take the lock from the other at every
 * look. Here the holder's time only tells one renewal from the next.
 */
final class SkewProofLock implements Lock {
    private final Lock lock;
    private final LongSupplier nanos;
    private @Nullable LeaderElectionRecord seen;
    private long seenAt;

    SkewProofLock(Lock lock) {
        this(lock, System::nanoTime);
    }

    SkewProofLock(Lock lock, LongSupplier nanos) {
        this.lock = lock;
        this.nanos = nanos;
    }

    @Override
    public synchronized @Nullable LeaderElectionRecord get(KubernetesClient client) {
        LeaderElectionRecord now = lock.get(client);
        if (now == null) {
            seen = null;
            return null;
        }
        if (!now.equals(seen)) {
            seen = now;
            seenAt = nanos.getAsLong();
        }
        // The elector reads the wall clock just after this; a step of that clock moves both times alike.
        Duration unchanged = Duration.ofNanos(nanos.getAsLong() - seenAt);
        return now.toBuilder()
                .renewTime(ZonedDateTime.now(ZoneOffset.UTC).minus(unchanged))
                .build();
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord leaderElectionRecord) {
        lock.create(client, leaderElectionRecord);
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord leaderElectionRecord) {
        lock.update(client, leaderElectionRecord);
    }

    @Override
    public String identity() {
        return lock.identity();
    }

    @Override
    public String describe() {
        return lock.describe();
    }
}
