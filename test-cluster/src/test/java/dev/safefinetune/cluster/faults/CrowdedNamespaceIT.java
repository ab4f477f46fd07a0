package dev.safefinetune.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.cluster.ChartRights;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.OperatorProcess;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.world.Crowd;
import dev.safefinetune.cluster.world.Team;
import dev.safefinetune.local.judge.Crds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** 40 runs in a namespace in which others have 5,000 volume claims, ConfigMaps and pods each. */
@Tag("long")
class CrowdedNamespaceIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final int OTHERS = 5000;
    private static final int RUNS = 40;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long MOST_BYTES = 210L << 20;

    @TempDir
    static Path directory = Path.of(".");

    @BeforeAll
    static void install() throws Exception {
        Crds.install(SERVER.client());
        ChartRights.grant(SERVER.client(), ControlPlane.OPERATOR);
    }

    @Test
    void allRunsBeginAndTheOperatorsMemoryDoesNotGrowWithWhatOthersHave() throws Exception {
        Team team = Team.furnish(SERVER.client(), "crowded");
        team.applyReadyVector();
        new Crowd(SERVER.client(), "crowded").gather(OTHERS);
        try (OperatorProcess operator = OperatorProcess.start(
                SERVER.controlPlane().operatorKubeconfig(),
                directory,
                Map.of("SAFE_FINE_TUNE_NAMESPACES", "crowded"))) {
            operator.awaitWatching();
            long begin = System.nanoTime();
            for (int i = 0; i < RUNS; i++) {
                team.applyFineTune("bot-" + i);
            }
            long most = 0;
            while (team.jobs().size() < RUNS) {
                assertThat(operator.isAlive()).as(operator.log()).isTrue();
                assertThat(System.nanoTime() - begin).as("patience").isLessThan(PATIENCE.toNanos());
                most = Math.max(most, operator.residentBytes());
                Thread.sleep(200);
            }
            most = Math.max(most, operator.residentBytes());
            System.out.printf(
                    "%d runs among %d claims, ConfigMaps and pods of others: all have begun after %.1f s, at most %d MiB"
                            + " resident%n",
                    RUNS, OTHERS, (System.nanoTime() - begin) / 1e9, most >> 20);
            assertThat(most).isLessThanOrEqualTo(MOST_BYTES);
        }
    }
}
