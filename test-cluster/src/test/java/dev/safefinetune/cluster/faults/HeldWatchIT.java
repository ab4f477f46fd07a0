package dev.safefinetune.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.cluster.ChartRights;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.OperatorProcess;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.proxy.FaultyProxy;
import dev.safefinetune.cluster.world.Garbage;
import dev.safefinetune.cluster.world.ScriptedJobs;
import dev.safefinetune.cluster.world.Team;
import dev.safefinetune.local.judge.Crds;
import dev.safefinetune.operator.world.Pods;
import dev.safefinetune.operator.world.Results;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator learns late what has happened: the events of its watches are held back until something has passed that
 * makes them untrue.
 */
class HeldWatchIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path directory = Path.of(".");

    private final Team team;
    private final FaultyProxy proxy;
    private final OperatorProcess operator;

    HeldWatchIT(TestInfo test) throws IOException {
        String name = test.getTestMethod().orElseThrow().getName();
        team = Team.furnish(SERVER.client(), "held-" + Integer.toHexString(name.hashCode()));
        proxy = FaultyProxy.start(SERVER.controlPlane());
        operator = OperatorProcess.start(
                SERVER.controlPlane().operatorKubeconfig(proxy.port()),
                directory,
                Map.of("SAFE_FINE_TUNE_NAMESPACES", team.namespace()));
    }

    @BeforeAll
    static void install() throws Exception {
        Crds.install(SERVER.client());
        ChartRights.grant(SERVER.client(), ControlPlane.OPERATOR);
    }

    @BeforeEach
    void begin() throws Exception {
        operator.awaitWatching();
        team.applyReadyVector();
        team.applyFineTune();
        await(() -> team.jobs().size() == 1);
        // What was written down of the first stage is no news any more.
        await(() -> team.fineTune().getStatus().phase() == FineTunePhase.PREPARING);
        proxy.holdWatches();
    }

    @AfterEach
    void stop() throws Exception {
        operator.close();
        proxy.close();
    }

    private void await(BooleanSupplier check) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!check.getAsBoolean()) {
            assertThat(System.nanoTime()).as(operator.log()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private void change() {
        team.client()
                .resources(SafeFineTune.class)
                .inNamespace(team.namespace())
                .withName("bot")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"dataset\":{\"uri\":\"pvc://tickets/other.jsonl\"}}}");
    }

    private Map<String, Integer> made() {
        return proxy.ledger()
                .done(write -> write.resource().equals("jobs") && write.verb().equals("create"));
    }

    /** The end of the first run's Job is told of when the wish has changed and that run is none any more. */
    @Test
    void theEndOfACancelledRunsJobBeginsNoFurtherStageOfIt() throws Exception {
        Pods pods = new Pods(team.client());
        pods.run(team.namespace(), Results::good);
        change();
        Thread.sleep(1000);
        proxy.releaseWatches();
        try (ScriptedJobs jobs = ScriptedJobs.good(team)) {
            await(() -> team.fineTune().getStatus().phase() == FineTunePhase.SUCCEEDED);
        }

        // The second Job of the first run may have been on its way when the wish changed; no third one is.
        assertThat(made())
                .containsKeys("create jobs bot-2-prepare", "create jobs bot-2-train", "create jobs bot-2-publish")
                .doesNotContainKeys("create jobs bot-1-evaluate", "create jobs bot-1-publish")
                .allSatisfy((job, times) -> assertThat(times).as(job).isEqualTo(1));
    }

    /** The resource was deleted and made again under its name; the news of the first one's Job come after that. */
    @Test
    void newsOfADeletedResourceMakeNoJobOfItAgain() throws Exception {
        new Pods(team.client()).run(team.namespace(), Results::good);
        team.client().resource(team.fineTune()).delete();
        team.applyFineTune();
        Thread.sleep(1000);
        proxy.releaseWatches();
        try (ScriptedJobs jobs = ScriptedJobs.good(team)) {
            await(() -> {
                Garbage.collect(team);
                return team.fineTune().getStatus().phase() == FineTunePhase.SUCCEEDED;
            });
        }

        String uid = team.fineTune().getMetadata().getUid();
        assertThat(team.jobs())
                .hasSize(4)
                .allSatisfy(job -> assertThat(job.getMetadata()
                                .getOwnerReferences()
                                .getFirst()
                                .getUid())
                        .isEqualTo(uid));
        // The first resource's may have come as far as its second Job before it was deleted.
        assertThat(made())
                .hasSize(4)
                .containsEntry("create jobs bot-1-prepare", 2)
                .containsEntry("create jobs bot-1-evaluate", 1)
                .containsEntry("create jobs bot-1-publish", 1);
    }

    /** Nothing but delay: every event comes a second late. */
    @Test
    void eventsThatAreAlwaysLateMakeNoJobTwice() throws Exception {
        try (ScriptedJobs jobs = ScriptedJobs.good(team)) {
            await(() -> {
                proxy.holdWatches();
                pause();
                proxy.releaseWatches();
                return team.fineTune().getStatus().phase() == FineTunePhase.SUCCEEDED;
            });
        }

        assertThat(made())
                .hasSize(4)
                .allSatisfy((job, times) -> assertThat(times).isEqualTo(1));
    }

    private static void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
