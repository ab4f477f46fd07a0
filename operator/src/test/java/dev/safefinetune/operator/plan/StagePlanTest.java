package dev.safefinetune.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.contract.Checkpointing;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.world.Facts;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StagePlanTest {
    private static final RunIdentity RUN = new RunIdentity("team-a", "SafeFineTune", "bot", "uid-bot", "bot-4");
    private static final PlanSettings SETTINGS =
            new PlanSettings("trainer:1", "IfNotPresent", "http://operator:8080/", null, 5, "50Gi", null);
    private static final StageTask.Vector VECTOR =
            new StageTask.Vector(Layout.vector("pvc://vectors/base"), Results.digest('2'), Results.digest('a'), 0.7);
    private static final Inputs INPUTS = Inputs.of(Map.of(Inputs.MODEL, new Digest("sha256:" + "a".repeat(64))));

    private static final RunTerms TERMS = new RunTerms(Facts.WISH, 2);

    private static StageObjects objects(StageTask task) {
        PodNeeds needs = PodNeeds.of(Manifests.fineTune("").getSpec().resources(), 3L << 30);
        return new StagePlan(RUN, "safefinetune.dev/v1alpha1", task, TERMS, needs, SETTINGS).objects();
    }

    static Stream<StageTask> tasks() {
        SafeFineTuneSpec spec = Manifests.fineTune("").getSpec();
        FineTuneTasks run = new FineTuneTasks(spec);
        SuiteSpec suite = new SuiteSpec(new SourceSpec("pvc://red-team/prompts.jsonl", null), null);
        VectorTasks vector =
                new VectorTasks(Manifests.vector("team-a", "base", "").getSpec());
        return Stream.of(
                run.prepare(suite, VECTOR),
                run.prepare(suite, null),
                run.train(INPUTS, VECTOR),
                run.evaluate(INPUTS, new EvaluationThresholds(0.02, 0.01, 0.03)),
                run.publish(INPUTS),
                vector.prepare(),
                vector.train(INPUTS),
                vector.assess(INPUTS),
                vector.store(INPUTS));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void theTrainerReadsBackWhatTheOperatorWrote(StageTask task) {
        StageObjects objects = objects(task);

        JobSpec read = ContractJson.read(
                Objects.requireNonNull(objects.jobSpec().getData().get("job.json")), JobSpec.class);

        assertThat(read.task()).isEqualTo(task);
        assertThat(read.run()).isEqualTo(RUN);
        assertThat(read.progress())
                .isEqualTo(new JobSpec.ProgressTarget(
                        "http://operator:8080/progress/v1/namespaces/team-a/safefinetunes/bot/runs/bot-4",
                        "var/run/progress/token",
                        null,
                        5));
        assertThat(objects.jobSpec().getImmutable()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void thePodHasNoRightsAndIsNeverRestartedInPlace(StageTask task) {
        var job = objects(task).job();
        PodSpec pod = job.getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().getFirst();

        assertThat(pod.getRestartPolicy()).isEqualTo("Never");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getServiceAccountName())
                .isEqualTo(objects(task).serviceAccount().getMetadata().getName());
        assertThat(objects(task).serviceAccount().getAutomountServiceAccountToken())
                .isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getTerminationMessagePolicy()).isEqualTo("File");
        assertThat(container.getEnv()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aTrainingPodHasTwiceTheTimeThatItTakesToSave(StageTask task) {
        Long grace = objects(task).job().getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds();
        boolean trains = task.stage() == Stage.TRAIN || task.stage() == Stage.TRAIN_VECTOR;

        if (trains) {
            assertThat(task.checkpointing()).isEqualTo(new Checkpointing(600, 2, 60));
            assertThat(grace).isEqualTo(120);
        } else {
            assertThat(task.checkpointing()).isNull();
            assertThat(grace).as("the cluster's own").isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void everyObjectButTheSharedIdentityBelongsToTheResource(StageTask task) {
        StageObjects objects = objects(task);

        assertThat(Stream.of(objects.jobSpec(), objects.scratch(), objects.job()))
                .allSatisfy(object -> assertThat(
                                object.getMetadata().getOwnerReferences().getFirst())
                        .satisfies(owner -> {
                            assertThat(owner.getUid()).isEqualTo("uid-bot");
                            assertThat(owner.getController()).isTrue();
                        }));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void onlyTheStagesThatComputeHoldAGpu(StageTask task) {
        Map<String, Quantity> limits = objects(task)
                .job()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getResources()
                .getLimits();
        boolean computes = List.of(Stage.TRAIN, Stage.EVALUATE, Stage.TRAIN_VECTOR, Stage.ASSESS)
                .contains(task.stage());

        assertThat(limits.containsKey("nvidia.com/gpu")).isEqualTo(computes);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void onlyPreparationAndTrainingSeeTheVector(StageTask task) {
        boolean mayUse = task instanceof StageTask.Prepare prepare && prepare.vector() != null
                || task instanceof StageTask.Train;

        assertThat(mounts(task).stream().anyMatch(m -> m.startsWith("/vector/")))
                .isEqualTo(mayUse);
    }

    @Test
    void mountsWhatTheTaskNamesAndWritesOnlyToItsOutput() {
        StageTask prepare = tasks().findFirst().orElseThrow();

        assertThat(mounts(prepare))
                .containsExactlyInAnyOrder(
                        "/scratch rw",
                        "/job ro",
                        "/tmp rw",
                        "/var/run/progress ro",
                        "/volumes/models rw",
                        "/volumes/red-team ro",
                        "/volumes/tickets ro",
                        "/vector/vectors ro");
    }

    @Test
    void theEvaluationSeesNothingButTheRunsOwnVolume() {
        StageTask evaluate =
                tasks().filter(t -> t instanceof StageTask.Evaluate).findFirst().orElseThrow();

        assertThat(mounts(evaluate))
                .containsExactlyInAnyOrder("/scratch rw", "/job ro", "/tmp rw", "/var/run/progress ro");
    }

    @Test
    void theProgressTokenIsGoodForThisResourceOnly() {
        StageTask task = tasks().findFirst().orElseThrow();
        var token = objects(task).job().getSpec().getTemplate().getSpec().getVolumes().stream()
                .filter(v -> v.getName().equals("progress"))
                .findFirst()
                .orElseThrow();

        assertThat(token.getProjected()
                        .getSources()
                        .getFirst()
                        .getServiceAccountToken()
                        .getAudience())
                .isEqualTo("safefinetune.dev/uid-bot");
    }

    @Test
    void namesFollowFromRunAndStage() {
        assertThat(tasks().map(task -> objects(task).job().getMetadata().getName()))
                .contains("bot-4-prepare", "bot-4-train-vector", "bot-4-store");
    }

    private static List<String> mounts(StageTask task) {
        return objects(task)
                .job()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getVolumeMounts()
                .stream()
                .map(StagePlanTest::shown)
                .toList();
    }

    private static String shown(VolumeMount mount) {
        return mount.getMountPath() + (Boolean.TRUE.equals(mount.getReadOnly()) ? " ro" : " rw");
    }
}
