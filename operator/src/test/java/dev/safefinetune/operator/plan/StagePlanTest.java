package dev.safefinetune.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.checks.Gpus;
import dev.safefinetune.contract.Checkpointing;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.operator.world.Facts;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.ShippedSettings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StagePlanTest {
    private static final RunIdentity RUN = new RunIdentity("team-a", "SafeFineTune", "bot", "uid-bot", "bot-4");
    private static final PlanSettings SETTINGS =
            ShippedSettings.with("trainer:1", "IfNotPresent", "http://operator:8080/", "50Gi");
    private static final VectorInput VECTOR = new VectorInput(
            Layout.vector("pvc://vectors/base"),
            Results.digest('2'),
            Results.digest('a'),
            0.7,
            0.5,
            Results.digest('4'),
            List.of(Results.digest('8')),
            null);
    private static final Inputs INPUTS = Inputs.of(Map.of(Inputs.MODEL, new Digest("sha256:" + "a".repeat(64))));

    private static final EvaluationThresholds THRESHOLDS = new EvaluationThresholds(0.03, 0.03, 0.05, 0.08);
    private static final RunTerms TERMS = new RunTerms(Facts.WISH, 2);

    private static StageObjects objects(StageTask task) {
        return objects(task, new Gpus(1, "nvidia.com/gpu", Gpus.Origin.SPEC));
    }

    private static StageObjects objects(StageTask task, Gpus gpus) {
        PodNeeds needs = PodNeeds.of(Manifests.fineTune("").getSpec().resources(), gpus, 3L << 30, Copied.NOTHING);
        return new StagePlan(RUN, "safefinetune.dev/v1alpha1", task, TERMS, needs, SETTINGS).objects();
    }

    static Stream<StageTask> tasks() {
        SafeFineTuneSpec spec = Manifests.fineTune("").getSpec();
        FineTuneTasks run = new FineTuneTasks(spec, true);
        SuiteSpec suite = new SuiteSpec(new SourceSpec("pvc://red-team/prompts.jsonl"), null);
        VectorTasks vector =
                new VectorTasks(Manifests.vector("team-a", "base", "").getSpec(), true);
        return Stream.of(
                run.prepare(suite, VECTOR, THRESHOLDS),
                run.prepare(suite, null, THRESHOLDS),
                run.train(INPUTS, VECTOR),
                run.evaluate(INPUTS, THRESHOLDS, "bot-4", VECTOR),
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

        JobSpec read = ContractJson.read(text(objects), JobSpec.class);

        assertThat(read.task()).isEqualTo(task);
        assertThat(read.run()).isEqualTo(RUN);
        assertThat(read.progress())
                .isEqualTo(new JobSpec.ProgressTarget(
                        "http://operator:8080/progress/v1/namespaces/team-a/safefinetunes/bot/runs/bot-4",
                        "var/run/progress/token",
                        null,
                        5,
                        task instanceof StageTask.Publish ? Boolean.TRUE : null));
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

        assertThat(Stream.of(objects.scratch(), objects.job()))
                .allSatisfy(object -> assertThat(
                                object.getMetadata().getOwnerReferences().getFirst())
                        .satisfies(owner -> {
                            assertThat(owner.getUid()).isEqualTo("uid-bot");
                            assertThat(owner.getController()).isTrue();
                        }));
    }

    private static final Set<Stage> COMPUTING = Set.of(Stage.TRAIN, Stage.EVALUATE, Stage.TRAIN_VECTOR, Stage.ASSESS);

    private static @Nullable Integer told(StageObjects objects) {
        return ContractJson.read(text(objects), JobSpec.class).gpus();
    }

    private static String text(StageObjects objects) {
        return Objects.requireNonNull(objects.job()
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get(Names.JOB_SPEC_ANNOTATION));
    }

    private static Container trainer(StageObjects objects) {
        return objects.job().getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void onlyTheStagesThatComputeHoldGpusAndHaveTheImageForThem(StageTask task) {
        boolean computes = COMPUTING.contains(task.stage());
        StageObjects objects = objects(task, new Gpus(2, "nvidia.com/mig-1g.10gb", Gpus.Origin.INSTALLATION));
        Container trainer = trainer(objects);

        assertThat(trainer.getResources().getLimits().get("nvidia.com/mig-1g.10gb"))
                .isEqualTo(computes ? new Quantity("2") : null);
        assertThat(trainer.getImage()).isEqualTo(computes ? "trainer:1-cuda" : "trainer:1");
        assertThat(trainer.getImagePullPolicy()).isEqualTo("IfNotPresent");
        assertThat(told(objects)).as("what the trainer is told").isEqualTo(computes ? 2 : null);
    }

    /** What cannot be computed on is held as asked, and the trainer is not told of it. */
    @ParameterizedTest
    @MethodSource("tasks")
    void gpusOfAnotherResourceAreHeldBySmallImages(StageTask task) {
        StageObjects objects = objects(task, new Gpus(1, "amd.com/gpu", Gpus.Origin.SPEC));
        Container trainer = trainer(objects);

        assertThat(trainer.getResources().getLimits().containsKey("amd.com/gpu"))
                .isEqualTo(COMPUTING.contains(task.stage()));
        assertThat(trainer.getImage()).isEqualTo("trainer:1");
        assertThat(told(objects)).isNull();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void withoutGpusEveryPodHasTheSmallImage(StageTask task) {
        StageObjects objects = objects(task, new Gpus(0, "nvidia.com/gpu", Gpus.Origin.SPEC));

        assertThat(trainer(objects).getImage()).isEqualTo("trainer:1");
        assertThat(told(objects)).isNull();
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
    void theEvaluationSeesNothingButTheRunsOwnVolumeAndThePlaceOfItsReport() {
        StageTask evaluate =
                tasks().filter(t -> t instanceof StageTask.Evaluate).findFirst().orElseThrow();

        assertThat(mounts(evaluate))
                .containsExactlyInAnyOrder("/scratch rw", "/job ro", "/tmp rw", "/var/run/progress ro", "/refusal rw");
        var spec = objects(evaluate).job().getSpec().getTemplate().getSpec();
        assertThat(spec.getContainers().getFirst().getVolumeMounts())
                .filteredOn(mount -> mount.getMountPath().equals("/refusal"))
                .singleElement()
                .satisfies(mount -> assertThat(mount.getSubPath()).isEqualTo("bot.refused"));
        assertThat(spec.getVolumes())
                .filteredOn(volume -> volume.getName().equals("refusal"))
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getPersistentVolumeClaim().getClaimName())
                                .isEqualTo("models"));
        assertThat(((StageTask.Evaluate) evaluate).refusal())
                .isEqualTo(new Target("pvc://models/bot.refused/bot-4", "refusal/bot-4"));
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
