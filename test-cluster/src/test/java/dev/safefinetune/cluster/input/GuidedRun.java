package dev.safefinetune.cluster.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.cluster.world.ScriptedJobs;
import dev.safefinetune.cluster.world.ScriptedJobs.End;
import dev.safefinetune.cluster.world.Team;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Stage;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A fine-tune whose stages go well up to one at which it is stopped, so that a test can do something to it. */
final class GuidedRun implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Set<FineTunePhase> ENDS = Set.of(FineTunePhase.SUCCEEDED, FineTunePhase.FAILED);

    private final Team team;
    private final Stage stop;
    private final ScriptedJobs jobs;
    private volatile Function<JobSpec, @Nullable End> atTheStop = spec -> null;

    private GuidedRun(Team team, Stage stop) {
        this.team = team;
        this.stop = stop;
        team.applyReadyVector();
        team.applyFineTune();
        this.jobs = ScriptedJobs.start(team, (job, spec) -> end(spec));
    }

    /** Begins a run and waits until the stage's Job and its pod are there and the resource says so. */
    static GuidedRun at(KubernetesClient client, String namespace, Stage stop) throws InterruptedException {
        GuidedRun run = new GuidedRun(Team.furnish(client, namespace), stop);
        run.await(() -> run.pod().get() != null
                && run.stages().stream().anyMatch(stage -> stage.name().equals(stop.text()) && stage.job() != null));
        return run;
    }

    private Optional<End> end(JobSpec spec) {
        return spec.task().stage() == stop ? Optional.ofNullable(atTheStop.apply(spec)) : Optional.of(End.good(spec));
    }

    String jobName() {
        return "bot-1-" + stop.text().toLowerCase(Locale.ROOT);
    }

    /** The pod of that Job. */
    PodResource pod() {
        return team.client().pods().inNamespace(team.namespace()).withName(jobName() + "-x1");
    }

    Team team() {
        return team;
    }

    /** The stage at which it stands goes well after all. */
    void goOn() {
        atTheStop = End::good;
    }

    /** The stage at which it stands ends like this. */
    void end(Function<JobSpec, End> end) {
        atTheStop = end::apply;
    }

    /** Waits until the resource says why, on a condition that is not False for a lesser cause. */
    void awaitReason(String type, String reason) throws InterruptedException {
        await(() -> conditions().stream()
                .anyMatch(c -> c.type().equals(type) && c.reason().equals(reason)));
    }

    void awaitEnd() throws InterruptedException {
        await(() -> ENDS.contains(phase()));
    }

    FineTunePhase phase() {
        FineTunePhase phase = team.fineTune().getStatus().phase();
        return phase == null ? FineTunePhase.PENDING : phase;
    }

    private List<StageStatus> stages() {
        List<StageStatus> stages = team.fineTune().getStatus().stages();
        return stages == null ? List.of() : stages;
    }

    List<ConditionStatus> conditions() {
        List<ConditionStatus> conditions = team.fineTune().getStatus().conditions();
        return conditions == null ? List.of() : conditions;
    }

    String reason(String type) {
        return conditions().stream()
                .filter(c -> c.type().equals(type))
                .map(ConditionStatus::reason)
                .findFirst()
                .orElse("");
    }

    void await(BooleanSupplier check) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!check.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("still waiting: " + team.fineTune().getStatus())
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Override
    public void close() throws InterruptedException {
        jobs.close();
    }
}
