package dev.safefinetune.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.cluster.ChartRights;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.OperatorProcess;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.proxy.FaultyProxy;
import dev.safefinetune.cluster.proxy.Ledger;
import dev.safefinetune.cluster.world.ScriptedJobs;
import dev.safefinetune.cluster.world.Team;
import dev.safefinetune.local.judge.Crds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** 200 resources: made at once, led to their ends, and then left alone. */
@Tag("long")
class ManyRunsIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final int RUNS = 200;
    private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("idle.seconds", 60));
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final long MOST_BYTES = 256L << 20;

    @TempDir
    static Path directory = Path.of(".");

    @BeforeAll
    static void install() throws Exception {
        Crds.install(SERVER.client());
        ChartRights.grant(SERVER.client(), ControlPlane.OPERATOR);
    }

    @Test
    void endWellAndThenCostNothing() throws Exception {
        Team team = Team.furnish(SERVER.client(), "many");
        team.applyReadyVector();
        try (FaultyProxy proxy = FaultyProxy.start(SERVER.controlPlane())) {
            try (OperatorProcess operator = start(proxy)) {
                operator.awaitWatching();
                makeAtOnce(team, proxy.ledger());
                lead(team, proxy);
                idle("after the runs", proxy.ledger());
                long bytes = operator.residentBytes();
                System.out.printf("operator at rest after %d runs: %d MiB resident%n", RUNS, bytes >> 20);
                assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
            }
            try (OperatorProcess successor = start(proxy)) {
                successor.awaitWatching();
                idle("after a restart", proxy.ledger());
            }
        }
    }

    private static OperatorProcess start(FaultyProxy proxy) throws IOException {
        return OperatorProcess.start(
                SERVER.controlPlane().operatorKubeconfig(proxy.port()),
                directory,
                Map.of("SAFE_FINE_TUNE_NAMESPACES", "many"));
    }

    private static void makeAtOnce(Team team, Ledger ledger) throws InterruptedException {
        long begin = System.nanoTime();
        long[] made = new long[RUNS];
        for (int i = 0; i < RUNS; i++) {
            team.applyFineTune("bot-" + i);
            made[i] = System.nanoTime();
        }
        long applied = System.nanoTime();
        await(() -> team.jobs().size() >= RUNS);
        System.out.printf(
                "%d resources made in %.1f s, all Jobs %.1f s after the first resource%n",
                RUNS, seconds(applied - begin), seconds(System.nanoTime() - begin));
        long[] latency = ledger.entries().stream()
                .filter(entry -> entry.write().resource().equals("jobs"))
                .mapToLong(entry -> entry.nanoTime()
                        - made[Integer.parseInt(entry.write().name().split("-")[1])])
                .sorted()
                .toArray();
        System.out.printf(
                "from resource to Job: median %.2f s, 95th of 100 %.2f s, most %.2f s%n",
                seconds(latency[latency.length / 2]),
                seconds(latency[latency.length * 95 / 100]),
                seconds(Arrays.stream(latency).max().orElseThrow()));
    }

    private static void lead(Team team, FaultyProxy proxy) throws Exception {
        long begin = System.nanoTime();
        try (ScriptedJobs jobs = ScriptedJobs.good(team)) {
            await(() ->
                    team.fineTunes().stream().allMatch(each -> each.getStatus().phase() == FineTunePhase.SUCCEEDED));
        }
        System.out.printf("%d runs led to their ends in %.1f s%n", RUNS, seconds(System.nanoTime() - begin));
        assertThat(proxy.ledger()
                        .done(write ->
                                write.resource().equals("jobs") && write.verb().equals("create")))
                .hasSize(4 * RUNS)
                .allSatisfy((job, times) -> assertThat(times).as(job).isEqualTo(1));
    }

    private static void idle(String when, Ledger ledger) throws InterruptedException {
        settle(ledger);
        int before = ledger.size();
        long begin = System.nanoTime();
        Thread.sleep(IDLE);
        List<String> writes = ledger.entries().subList(before, ledger.size()).stream()
                .map(entry -> "%s after %.0f s".formatted(entry.write().text(), seconds(entry.nanoTime() - begin)))
                .toList();
        System.out.printf(
                "API writes in %d idle seconds with %d finished resources, %s: %d%n",
                IDLE.toSeconds(), RUNS, when, writes.size());
        assertThat(writes).isEmpty();
    }

    /** The last runs are still cleared away after they have ended. */
    private static void settle(Ledger ledger) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int before = -1;
        while (ledger.size() != before) {
            // One that never stops writing is not idle either.
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            before = ledger.size();
            Thread.sleep(QUIET);
        }
    }

    private static void await(BooleanSupplier check) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!check.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            Thread.sleep(200);
        }
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
