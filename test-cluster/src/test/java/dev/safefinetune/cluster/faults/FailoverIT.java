package dev.safefinetune.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.cluster.ChartRights;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.OperatorProcess;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.proxy.FaultyProxy;
import dev.safefinetune.cluster.proxy.Write;
import dev.safefinetune.cluster.world.ScriptedJobs;
import dev.safefinetune.cluster.world.Team;
import dev.safefinetune.local.judge.Crds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two replicas, of which one leads; it is killed, and the other goes on. The clock of the other may be wrong. */
class FailoverIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration MOST = Duration.ofSeconds(20);

    @TempDir
    static Path directory = Path.of(".");

    private volatile boolean lead;

    @BeforeAll
    static void install() throws Exception {
        Crds.install(SERVER.client());
        ChartRights.grant(SERVER.client(), ControlPlane.OPERATOR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, -10})
    void theNextStageBeginsSoonAfterTheLeadersDeath(int minutesAhead) throws Exception {
        Team team =
                Team.furnish(SERVER.client(), "failover-" + (minutesAhead < 0 ? "behind" : minutesAhead + "-ahead"));
        try (FaultyProxy one = FaultyProxy.start(SERVER.controlPlane());
                FaultyProxy other = FaultyProxy.start(SERVER.controlPlane());
                OperatorProcess leader = start(team, one, Duration.ZERO)) {
            leader.awaitWatching();
            try (OperatorProcess follower = start(team, other, Duration.ofMinutes(minutesAhead));
                    ScriptedJobs jobs = ScriptedJobs.start(
                            team, (job, spec) -> lead ? Optional.of(ScriptedJobs.End.good(spec)) : Optional.empty())) {
                team.applyReadyVector();
                team.applyFineTune();
                await(() -> team.jobs().size() == 1);
                await(() -> standsBy(follower));
                assertThat(other.ledger().size()).as("writes of the follower").isZero();

                leader.kill();
                long death = System.nanoTime();
                lead = true;
                await(() -> team.jobs().size() == 2);
                Duration taken = Duration.ofNanos(System.nanoTime() - death);
                System.out.printf(
                        "failover, follower's clock %d min ahead: next Job %.1f s after kill -9 of the leader%n",
                        minutesAhead, taken.toMillis() / 1000.0);
                await(() -> Subject.FINE_TUNE.hasEnded(team));

                assertThat(team.fineTune().getStatus().phase())
                        .as(follower.log())
                        .hasToString("SUCCEEDED");
                assertThat(taken).isLessThanOrEqualTo(MOST);
            }
            Map<String, Integer> changes = new TreeMap<>(jobs(one));
            jobs(other).forEach((change, times) -> changes.merge(change, times, Integer::sum));
            assertThat(changes)
                    .hasSize(4)
                    .allSatisfy((change, times) -> assertThat(times).as(change).isEqualTo(1));
        }
    }

    private static boolean standsBy(OperatorProcess follower) {
        try {
            return follower.log().contains("another replica leads");
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(BooleanSupplier check) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!check.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private static OperatorProcess start(Team team, FaultyProxy proxy, Duration ahead) throws IOException {
        Map<String, String> settings = new HashMap<>(Clock.ahead(ahead));
        settings.put("SAFE_FINE_TUNE_NAMESPACES", team.namespace());
        settings.put("SAFE_FINE_TUNE_OWN_NAMESPACE", team.namespace());
        settings.put("SAFE_FINE_TUNE_LEADER_ELECTION_ENABLED", "true");
        return OperatorProcess.start(SERVER.controlPlane().operatorKubeconfig(proxy.port()), directory, settings);
    }

    private static Map<String, Integer> jobs(FaultyProxy proxy) {
        return proxy.ledger().done(FailoverIT::isOfAJob);
    }

    private static boolean isOfAJob(Write write) {
        return write.resource().equals("jobs");
    }
}
