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
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two operators that know nothing of each other lead the same runs; the clock of one may be wrong. */
class TwoOperatorsIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    static Path directory = Path.of(".");

    @BeforeAll
    static void install() throws Exception {
        Crds.install(SERVER.client());
        ChartRights.grant(SERVER.client(), ControlPlane.OPERATOR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, -10})
    void makeNoJobTwice(int minutesAhead) throws Exception {
        Team team = Team.furnish(SERVER.client(), "two-" + (minutesAhead < 0 ? "behind" : minutesAhead + "-ahead"));
        try (FaultyProxy one = FaultyProxy.start(SERVER.controlPlane());
                FaultyProxy other = FaultyProxy.start(SERVER.controlPlane());
                OperatorProcess right = start(team, one, Duration.ZERO);
                OperatorProcess wrong = start(team, other, Duration.ofMinutes(minutesAhead))) {
            right.awaitWatching();
            wrong.awaitWatching();
            team.applyVector();
            team.applyFineTune();
            try (ScriptedJobs jobs = ScriptedJobs.good(team)) {
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (!Subject.FINE_TUNE.hasEnded(team) && System.nanoTime() < deadline) {
                    Thread.sleep(100);
                }
            }

            assertThat(team.fineTune().getStatus().phase())
                    .as(right.log() + wrong.log())
                    .hasToString("SUCCEEDED");
            Map<String, Integer> changes = new TreeMap<>(jobs(one));
            jobs(other).forEach((change, times) -> changes.merge(change, times, Integer::sum));
            System.out.printf(
                    "two operators, one clock %d min ahead: Jobs made by each %d and %d%n",
                    minutesAhead, jobs(one).size(), jobs(other).size());
            assertThat(changes)
                    .hasSize(8)
                    .allSatisfy((change, times) -> assertThat(times).as(change).isEqualTo(1));
        }
    }

    private static OperatorProcess start(Team team, FaultyProxy proxy, Duration ahead) throws IOException {
        Map<String, String> settings = new HashMap<>(Clock.ahead(ahead));
        settings.put("SAFE_FINE_TUNE_NAMESPACES", team.namespace());
        return OperatorProcess.start(SERVER.controlPlane().operatorKubeconfig(proxy.port()), directory, settings);
    }

    private static Map<String, Integer> jobs(FaultyProxy proxy) {
        return proxy.ledger().done(TwoOperatorsIT::isOfAJob);
    }

    private static boolean isOfAJob(Write write) {
        return write.resource().equals("jobs");
    }
}
