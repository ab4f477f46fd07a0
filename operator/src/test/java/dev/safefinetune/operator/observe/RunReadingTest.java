package dev.safefinetune.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.StageState;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.api.v1alpha1.TrainingStatus;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.decide.FineTuneDecision;
import dev.safefinetune.operator.plan.JobDigest;
import dev.safefinetune.operator.plan.Names;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.ShippedSettings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the objects that a resource controls are its run's: whoever may make objects can name any controller. */
class RunReadingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
    private static final SafeFineTune BOT = Manifests.fineTune("");

    private static ObjectMeta controlled(String name, Map<String, String> labels) {
        return new ObjectMetaBuilder()
                .withNamespace("team-a")
                .withName(name)
                .withUid("uid-of-" + name)
                .withLabels(labels)
                .withCreationTimestamp("2026-01-01T00:01:00Z")
                .addNewOwnerReference()
                .withUid("uid-bot")
                .withController(true)
                .endOwnerReference()
                .build();
    }

    /** A Job that has ended well, as far as it says. */
    private static Job job(String name, String run, String stage) {
        return new JobBuilder()
                .withMetadata(controlled(
                        name,
                        Map.of(
                                Names.KIND_LABEL,
                                "SafeFineTune",
                                Names.RESOURCE_LABEL,
                                "bot",
                                Names.RUN_LABEL,
                                run,
                                Names.STAGE_LABEL,
                                stage)))
                .withNewSpec()
                .withNewTemplate()
                .withNewMetadata()
                .addToAnnotations(Names.JOB_SPEC_ANNOTATION, "{}")
                .endMetadata()
                .endTemplate()
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("Complete")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
    }

    private static ConfigMap spec(String name, boolean immutable) {
        return new ConfigMapBuilder()
                .withMetadata(controlled(name, Map.of()))
                .withImmutable(immutable ? true : null)
                .addToData("job.json", "{}")
                .build();
    }

    private static PersistentVolumeClaim claim(String name, Map<String, String> labels) {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(controlled(name, labels))
                .build();
    }

    private static RunFacts facts(List<Job> jobs, List<PersistentVolumeClaim> claims) {
        return new RunReading(onRecord(jobs), NOW, jobs, List.of(), claims, job -> null)
                .facts(name -> spec(name, true));
    }

    /** The resource, on which each of these Jobs stands as planned. */
    private static SafeFineTune onRecord(List<Job> jobs) {
        return recorded(jobs.stream()
                .map(job -> status(job).plannedAs(JobDigest.of(job).value()))
                .toList());
    }

    private static StageStatus status(Job job) {
        var metadata = job.getMetadata();
        return new StageStatus(
                Objects.requireNonNull(metadata.getLabels().get(Names.STAGE_LABEL)),
                StageState.RUNNING,
                null,
                metadata.getName(),
                null,
                null,
                null,
                null);
    }

    private static SafeFineTune recorded(List<StageStatus> stages) {
        SafeFineTune bot = Manifests.fineTune("");
        bot.setStatus(new SafeFineTuneStatus(
                4L,
                null,
                new RunStatus("bot-4", null, null, null, null, null, null),
                null,
                null,
                stages,
                null,
                null,
                null));
        return bot;
    }

    @Test
    void readsTheJobOfAStageWithWhatItWasMadeFor() {
        RunFacts seen = facts(List.of(job("bot-4-train", "bot-4", "Train")), List.of());

        StageFacts train = Objects.requireNonNull(seen.stages().get(Stage.TRAIN));
        assertThat(train.specDigest()).isEqualTo(Digest.of("{}").value());
        assertThat(train.spec()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "another name, publish-it-now, bot-4, Publish",
        "the name of another stage, bot-4-train, bot-4, Publish",
        "the name of another run, bot-3-publish, bot-4, Publish",
        "a stage that is none, bot-4-win, bot-4, Win",
        "a run of another resource, other-9-publish, other-9, Publish",
        "a run without a generation, bot-x-publish, bot-x, Publish",
        "no run, -publish, '', Publish"
    })
    void aJobUnderAnotherNameThanItsStagesIsNoneOfTheRuns(String what, String name, String run, String stage) {
        RunFacts seen = facts(List.of(job(name, run, stage)), List.of());

        assertThat(seen.stages()).as(what).isEmpty();
        assertThat(seen.identity().id()).as(what).isEqualTo("bot-4");
        assertThat(seen.objects())
                .as("to be deleted once the run has ended: " + what)
                .isEmpty();
    }

    @Test
    void theRunsOwnJobCountsWhateverElseIsListedBeforeOrAfterIt() {
        Job ours = job("bot-4-evaluate", "bot-4", "Evaluate");
        Job forged = job("zz-evaluate", "bot-4", "Evaluate");

        for (List<Job> jobs : List.of(List.of(ours, forged), List.of(forged, ours))) {
            assertThat(new RunReading(onRecord(List.of(ours)), NOW, jobs, List.of(), List.of(), job -> null)
                            .facts(name -> null)
                            .stages())
                    .hasEntrySatisfying(
                            Stage.EVALUATE, facts -> assertThat(facts.job()).isEqualTo("bot-4-evaluate"));
        }
    }

    /** Its name, its owner, its labels and even its job spec: all of it is public. */
    @Test
    void aJobThatIsNotOnRecordIsNotRead() {
        Job forged = job("bot-4-evaluate", "bot-4", "Evaluate");
        Job planned = new JobBuilder(forged)
                .editSpec()
                .editTemplate()
                .withNewSpec()
                .addNewContainer()
                .withName("trainer")
                .withImage("ours")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();

        for (SafeFineTune bot : List.of(BOT, recorded(List.of()), onRecord(List.of(planned)))) {
            assertThat(new RunReading(bot, NOW, List.of(forged), List.of(), List.of(), job -> null)
                            .facts(name -> null)
                            .stages())
                    .isEmpty();
        }
    }

    @Test
    void aJobOfAnEarlierReleaseCountsWhereTheResourceNamesIt() {
        Job old = new JobBuilder(job("bot-4-train", "bot-4", "Train"))
                .editSpec()
                .editTemplate()
                .editMetadata()
                .withAnnotations(Map.of(Names.JOB_SPEC_DIGEST_ANNOTATION, "the digest"))
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build();
        List<Job> jobs = List.of(old);
        SafeFineTune named = recorded(List.of(status(old)));

        StageFacts read = Objects.requireNonNull(new RunReading(named, NOW, jobs, List.of(), List.of(), job -> null)
                .facts(name -> spec(name, true))
                .stages()
                .get(Stage.TRAIN));
        assertThat(read.specDigest()).isEqualTo("the digest");
        assertThat(read.spec()).isNotNull();
        StageFacts changeable =
                Objects.requireNonNull(new RunReading(named, NOW, jobs, List.of(), List.of(), job -> null)
                        .facts(name -> spec(name, false))
                        .stages()
                        .get(Stage.TRAIN));
        assertThat(changeable.spec()).as("a ConfigMap that can be changed").isNull();
        assertThat(new RunReading(BOT, NOW, jobs, List.of(), List.of(), job -> null)
                        .facts(name -> spec(name, true))
                        .stages())
                .as("the resource does not name it")
                .isEmpty();
    }

    @Test
    void onlyAClaimThatTheOperatorMadeIsAnEarlierRunsLeftover() {
        Map<String, String> scratch = Map.of(Names.MANAGED_BY_LABEL, Names.MANAGED_BY, Names.RUN_LABEL, "bot-3");
        RunFacts seen = facts(
                List.of(),
                List.of(
                        claim("bot-3-scratch", scratch),
                        claim("my-data", Map.of()),
                        claim("my-labelled-data", Map.of("app", "mine")),
                        claim("my-data-of-a-run", Map.of(Names.RUN_LABEL, "bot-3")),
                        claim("my-managed-data", Map.of(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)),
                        claim("helms-data", Map.of(Names.MANAGED_BY_LABEL, "Helm", Names.RUN_LABEL, "bot-3"))));

        assertThat(FineTuneDecision.decide(
                                new FineTuneObservation(
                                        BOT, seen, List.of(), null, List.of(), Map.of(), Set.of(), List.of(), null),
                                ShippedSettings.deciding(Duration.ofSeconds(30)))
                        .leftovers())
                .extracting(RunObject::name)
                .containsExactly("bot-3-scratch");
    }

    /** An operator died between the Job and the status; the spec may have been changed since. */
    @Test
    void whatTrainingComputesOnIsReadOffItsJobWhereItIsNotWrittenDown() {
        Job plain = job("bot-4-train", "bot-4", "Train");
        Job withGpus = new JobBuilder(plain)
                .editSpec()
                .editTemplate()
                .withNewSpec()
                .addNewContainer()
                .withName("trainer")
                .withNewResources()
                .addToLimits("memory", new Quantity("8Gi"))
                .addToLimits("nvidia.com/gpu", new Quantity("3"))
                .endResources()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();

        assertThat(facts(List.of(withGpus), List.of()).training())
                .isEqualTo(TrainingStatus.of(3, "nvidia.com/gpu", "float32"));
        assertThat(facts(List.of(job("bot-4-prepare", "bot-4", "Prepare")), List.of())
                        .training())
                .isNull();
    }
}
