package dev.safefinetune.cluster.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import dev.safefinetune.cluster.ChartRights;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.OperatorProcess;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.proxy.FaultyProxy;
import dev.safefinetune.cluster.world.ScriptedJobs;
import dev.safefinetune.cluster.world.Team;
import dev.safefinetune.local.judge.Crds;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that an earlier release of the operator began, in each phase, are led to their ends by this one, and no Job is
 * made twice. One operator takes over all of them at once, as it does in a cluster.
 */
class UpgradeIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final long PATIENCE_NANOS = 240_000_000_000L;

    @TempDir
    static Path directory = Path.of(".");

    /**
     * A recording that was made again.
     *
     * @param jobs uids of its Jobs by their names
     * @param over whether its run has ended
     */
    private record Restored(String name, Team team, Map<String, String> jobs, boolean over) {}

    private static final List<Restored> RESTORED = new ArrayList<>();
    private static @Nullable FaultyProxy proxy;
    private static @Nullable OperatorProcess operator;

    @BeforeAll
    static void replaceTheOperator() throws Exception {
        Crds.install(SERVER.client());
        ChartRights.grant(SERVER.client(), ControlPlane.OPERATOR);
        for (RecordedPhase phase : RecordedPhase.all()) {
            // As the old operator left it, and with a Job that ended while there was none.
            for (boolean ended : List.of(false, true)) {
                restore(phase, "upgrade-" + (RESTORED.size() + 1), ended);
            }
        }
        FaultyProxy between = FaultyProxy.start(SERVER.controlPlane());
        proxy = between;
        // The recordings are of a release in which a run that named no GPUs asked for one of nvidia.com/gpu.
        operator = OperatorProcess.start(
                SERVER.controlPlane().operatorKubeconfig(between.port()),
                directory,
                Map.of("SAFE_FINE_TUNE_TRAINER_CUDA_IMAGE", "trainer-cuda:test"));
    }

    private static void restore(RecordedPhase phase, String namespace, boolean ended) throws Exception {
        Team team = Team.furnish(SERVER.client(), namespace);
        phase.restore(team);
        boolean over = hasEnded(team);
        Map<String, String> uids = uids(team);
        if (ended) {
            try (ScriptedJobs jobs = ScriptedJobs.good(team)) {
                Thread.sleep(500);
            }
        }
        RESTORED.add(new Restored(phase + (ended ? ", its Job ended meanwhile" : ""), team, uids, over));
    }

    @AfterAll
    static void stop() throws Exception {
        if (operator != null) {
            operator.close();
        }
        if (proxy != null) {
            proxy.close();
        }
    }

    private static Map<String, String> uids(Team team) {
        Map<String, String> uids = new LinkedHashMap<>();
        for (Job job : team.jobs()) {
            uids.put(job.getMetadata().getName(), job.getMetadata().getUid());
        }
        return uids;
    }

    private static boolean hasEnded(Team team) {
        VectorPhase vector = team.vector().getStatus().phase();
        return (vector == VectorPhase.READY || vector == VectorPhase.FAILED)
                && team.fineTunes().stream()
                        .map(each -> each.getStatus().phase())
                        .allMatch(phase -> phase == FineTunePhase.SUCCEEDED || phase == FineTunePhase.FAILED);
    }

    @Test
    void runsOfEarlierReleasesGoOnInEveryPhase() throws Exception {
        List<ScriptedJobs> jobs = new ArrayList<>();
        RESTORED.forEach(restored -> jobs.add(ScriptedJobs.good(restored.team())));
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < deadline && !RESTORED.stream().allMatch(restored -> hasEnded(restored.team()))) {
            Thread.sleep(200);
        }
        for (ScriptedJobs each : jobs) {
            each.close();
        }

        // Twelve phases, each in two ways: a check of no recordings proves nothing.
        assertThat(RESTORED).hasSizeGreaterThanOrEqualTo(24);
        RESTORED.forEach(this::endedWithoutASecondJob);
    }

    private void endedWithoutASecondJob(Restored restored) {
        Team team = restored.team();
        assertThat(hasEnded(team)).as(restored.name() + said()).isTrue();
        assertThat(uids(team)).as(restored.name()).containsAllEntriesOf(restored.jobs());
        Map<String, Integer> written = proxy == null
                ? Map.of()
                : proxy.ledger()
                        .done(write -> write.resource().equals("jobs")
                                && write.namespace().equals(team.namespace()));
        assertThat(written.values()).as(restored.name()).allMatch(times -> times == 1);
        assertThat(written.keySet())
                .as(restored.name())
                .doesNotContainAnyElementsOf(restored.jobs().keySet().stream()
                        .flatMap(name -> List.of("create jobs " + name, "delete jobs " + name).stream())
                        .toList());
        if (restored.over()) {
            assertThat(written).as(restored.name()).isEmpty();
        }
    }

    private static String said() {
        try {
            return operator == null ? "" : operator.log();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
