package dev.safefinetune.cluster.upgrade;

import dev.safefinetune.cluster.ChartRights;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.OperatorProcess;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.world.ScriptedJobs;
import dev.safefinetune.cluster.world.ScriptedJobs.End;
import dev.safefinetune.cluster.world.Team;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.local.judge.Crds;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes down what the present operator leaves on the API server in each phase, for the upgrade tests of later releases.
 * It runs only when it is asked for; the README says how.
 */
@Tag("record")
class RecordPhases {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final String RELEASE = System.getProperty("recorded.release", "unnamed");
    private static final Map<String, String> PHASES = Map.of(
            "PrepareVector", "Preparing",
            "TrainVector", "Training",
            "Assess", "Assessing",
            "Store", "Storing",
            "Prepare", "Preparing",
            "Train", "Training",
            "Evaluate", "Evaluating",
            "Publish", "Publishing");

    @TempDir
    static Path directory = Path.of(".");

    private static @Nullable OperatorProcess operator;

    private final Set<Stage> done = ConcurrentHashMap.newKeySet();

    @BeforeAll
    static void start() throws Exception {
        Crds.install(SERVER.client());
        ChartRights.grant(SERVER.client(), ControlPlane.OPERATOR);
        operator = OperatorProcess.start(SERVER.controlPlane().operatorKubeconfig(), directory);
    }

    @AfterAll
    static void stop() throws Exception {
        if (operator != null) {
            operator.close();
        }
    }

    private Optional<End> script(JobSpec spec) {
        return done.contains(spec.task().stage()) ? Optional.of(End.good(spec)) : Optional.empty();
    }

    @Test
    void ofAVector() throws Exception {
        Team team = Team.furnish(SERVER.client(), "recorded-vector");
        team.applyVector();
        phases(
                team,
                "vector",
                Stage.VECTOR,
                () -> String.valueOf(team.vector().getStatus().phase()),
                "Ready");
    }

    @Test
    void ofAFineTune() throws Exception {
        Team team = Team.furnish(SERVER.client(), "recorded-tune");
        team.applyReadyVector();
        team.applyFineTune();
        phases(
                team,
                "fine-tune",
                Stage.FINE_TUNE,
                () -> String.valueOf(team.fineTune().getStatus().phase()),
                "Succeeded");
    }

    private void phases(Team team, String kind, List<Stage> stages, Supplier<String> phase, String end)
            throws Exception {
        try (ScriptedJobs jobs = ScriptedJobs.start(team, (job, spec) -> script(spec))) {
            for (Stage stage : stages) {
                settle(phase, String.valueOf(PHASES.get(stage.text())));
                record(team, kind, phase);
                done.add(stage);
            }
            settle(phase, end);
        }
        record(team, kind, phase);
    }

    @Test
    void ofAFineTuneThatWaitsForItsVector() throws Exception {
        Team team = Team.furnish(SERVER.client(), "recorded-pending");
        team.applyVector();
        team.applyFineTune();
        Supplier<String> phase =
                () -> String.valueOf(team.fineTune().getStatus().phase());
        settle(phase, "Pending");
        record(team, "fine-tune", phase);
    }

    @Test
    void ofAFineTuneThatFailed() throws Exception {
        Team team = Team.furnish(SERVER.client(), "recorded-failed");
        team.applyReadyVector();
        team.applyFineTune();
        Supplier<String> phase =
                () -> String.valueOf(team.fineTune().getStatus().phase());
        try (ScriptedJobs jobs = ScriptedJobs.start(
                team,
                (job, spec) -> Optional.of(End.of(StageResult.failed(
                        spec.run(), spec.task().stage(), Fault.DATASET_INVALID, "line 3 has no messages"))))) {
            settle(phase, "Failed");
        }
        record(team, "fine-tune", phase);
    }

    private static void settle(Supplier<String> phase, String wanted) throws InterruptedException {
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (!phase.get().equalsIgnoreCase(wanted)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + wanted + ", is " + phase.get());
            }
            Thread.sleep(100);
        }
        Thread.sleep(2000);
    }

    private static void record(Team team, String kind, Supplier<String> phase) throws Exception {
        RecordedPhase.record(team, RELEASE, kind + "-" + phase.get().toLowerCase(Locale.ROOT));
    }
}
