package dev.safefinetune.operator.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.operator.OperatorSettings;
import dev.safefinetune.operator.TestSettings;
import dev.safefinetune.operator.world.Await;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElectionTest {
    private static final OperatorSettings.LeaderElection SETTINGS = new TestSettings().leaderElection();

    private final World world;
    private final AtomicInteger led = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();

    ElectionTest(@TempDir Path state) throws IOException {
        world = World.start(state);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private Election candidate() {
        Election election =
                new Election(world.client(), "default", SETTINGS, led::incrementAndGet, lost::incrementAndGet);
        election.start();
        return election;
    }

    private Lease lease() {
        return world.client()
                .leases()
                .inNamespace("default")
                .withName(SETTINGS.leaseName())
                .require();
    }

    /** The Lease as another replica writes it, whose clock differs from ours; it tries again where a renewal came between. */
    private void renewElsewhere(Duration skew) {
        while (!writtenElsewhere(heldElsewhere(skew))) {
            Thread.onSpinWait();
        }
    }

    private boolean writtenElsewhere(Lease lease) {
        try {
            world.client().resource(lease).createOr(existing -> existing.update());
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            return false;
        }
    }

    private static Lease heldElsewhere(Duration skew) {
        ZonedDateTime there = ZonedDateTime.now(ZoneOffset.UTC).plus(skew);
        return new LeaseBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(SETTINGS.leaseName())
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity("elsewhere")
                .withAcquireTime(there)
                .withRenewTime(there)
                .withLeaseDurationSeconds((int) SETTINGS.leaseDuration().toSeconds())
                .withLeaseTransitions(0)
                .endSpec()
                .build();
    }

    @Test
    void oneOfTwoLeadsAndTheOtherFollowsOnceTheFirstWithdraws() throws InterruptedException {
        Election first = candidate();
        Await.until("the first leads", () -> led.get() == 1);
        try (Election second = candidate()) {
            Thread.sleep(SETTINGS.leaseDuration().multipliedBy(2));
            assertThat(first.isLeading()).isTrue();
            assertThat(second.isLeading()).isFalse();
            first.close();
            assertThat(first.isLeading()).isFalse();
            Await.until("the second leads", second::isLeading);
        }
        assertThat(led).hasValue(2);
        assertThat(lost).as("a withdrawal is no loss").hasValue(0);
        assertThat(lease().getSpec().getLeaseTransitions()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-10M", "PT0S", "PT10M"})
    void aLivingLeaderIsLeftAloneWhateverItsClockSays(Duration skew) throws InterruptedException {
        renewElsewhere(skew);
        try (Election candidate = candidate()) {
            for (long end = System.nanoTime()
                            + SETTINGS.leaseDuration().multipliedBy(2).toNanos();
                    System.nanoTime() < end; ) {
                renewElsewhere(skew);
                Thread.sleep(200);
            }
            assertThat(candidate.isLeading()).isFalse();
            assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("elsewhere");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-10M", "PT0S", "PT10M"})
    void aDeadLeaderIsReplacedOnceItsLeaseHasStoodUnchangedForItsDuration(Duration skew) throws InterruptedException {
        renewElsewhere(skew);
        long died = System.nanoTime();
        try (Election candidate = candidate()) {
            Await.until("the candidate leads", candidate::isLeading);
            assertThat(Duration.ofNanos(System.nanoTime() - died)).isGreaterThan(SETTINGS.leaseDuration());
        }
    }

    @Test
    void aLeaderWhoseLeaseIsTakenHasLostIt() throws InterruptedException {
        try (Election election = candidate()) {
            Await.until("it leads", election::isLeading);
            renewElsewhere(Duration.ZERO);
            Await.until("it knows", () -> lost.get() == 1);
            assertThat(election.isLeading()).isFalse();
        }
    }

    /** Seen red: by the client's own reading of the Lease a leader whose clock is ten minutes behind is dead at once. */
    @Test
    void theClientsOwnLockTellsTheSkewedTime() {
        renewElsewhere(Duration.ofMinutes(-10));
        Lock own = new LeaseLock("default", SETTINGS.leaseName(), "me");

        assertThat(age(own)).isGreaterThan(SETTINGS.leaseDuration());
        assertThat(age(new SkewProofLock(own))).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aLockAgesByTheTimeForWhichItWasSeenUnchanged() {
        renewElsewhere(Duration.ofMinutes(10));
        long[] nanos = {0};
        Lock lock = new SkewProofLock(new LeaseLock("default", SETTINGS.leaseName(), "me"), () -> nanos[0]);
        assertThat(age(lock)).isLessThan(Duration.ofSeconds(1));
        nanos[0] = Duration.ofSeconds(90).toNanos();
        assertThat(age(lock)).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(91));
        renewElsewhere(Duration.ofMinutes(11));
        assertThat(age(lock)).isLessThan(Duration.ofSeconds(1));
    }

    private Duration age(Lock lock) {
        LeaderElectionRecord record = Objects.requireNonNull(lock.get(world.client()));
        return Duration.between(record.getRenewTime(), ZonedDateTime.now(ZoneOffset.UTC));
    }
}
