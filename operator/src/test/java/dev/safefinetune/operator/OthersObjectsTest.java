package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.plan.Names;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What others make and let the resource control: it is neither believed nor deleted. */
class OthersObjectsTest {
    @RegisterExtension
    private final Chain chain = new Chain();

    /** A Job that the resource controls, with the name and the labels of one of the run's; what it does is another's. */
    private Job forge(String name, Stage stage) {
        SafeFineTune bot = chain.world.fineTune();
        return chain.world
                .client()
                .resource(new JobBuilder()
                        .withNewMetadata()
                        .withNamespace(World.NAMESPACE)
                        .withName(name)
                        .withLabels(Names.labels(new RunIdentity(
                                World.NAMESPACE,
                                "SafeFineTune",
                                "bot",
                                bot.getMetadata().getUid(),
                                "bot-1")))
                        .addToLabels(Names.STAGE_LABEL, stage.text())
                        .addNewOwnerReference()
                        .withApiVersion(bot.getApiVersion())
                        .withKind(bot.getKind())
                        .withName("bot")
                        .withUid(bot.getMetadata().getUid())
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .withNewSpec()
                        // So that nothing runs it before the test lets it end.
                        .withSuspend(true)
                        .withNewTemplate()
                        .withNewMetadata()
                        .addToAnnotations(Names.JOB_SPEC_ANNOTATION, "{}")
                        .endMetadata()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .addNewContainer()
                        .withName("trainer")
                        .withImage("mine")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
    }

    private StageResult evaluated(JobSpec spec, Verdict verdict) {
        return StageResult.done(spec.run(), Stage.EVALUATE, Inputs.of(Map.of()), Results.evaluation(verdict));
    }

    @Test
    void aVerdictOfAJobUnderAnotherNameIsNotBelieved() {
        chain.reach("evaluate");
        JobSpec told = chain.world.pods().spec(chain.job("bot-1-evaluate"));
        Job forged = forge("zz-evaluate", Stage.EVALUATE);
        chain.world.pods().end(forged, 0, ContractJson.write(evaluated(told, Verdict.PASSED)));
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Evaluating");
        assertThat(chain.jobs()).doesNotContain("bot-1-publish");

        chain.runToTheEnd(spec -> evaluated(spec, Verdict.FAILED));
        assertThat(chain.condition("SafetyGatePassed")).isEqualTo("False SafetyGateRefused");
    }

    /** Whoever makes a stage's Job before the operator does would have it train past its policies. */
    @Test
    void aForgedFirstJobIsNeverReadAndNamedUntilItIsGone() {
        chain.world.applyFineTune();
        chain.look();
        assertThat(chain.condition("Ready")).isEqualTo("False VectorNotFound");
        Job forged = forge("bot-1-prepare", Stage.PREPARE);
        chain.world.applyVector();

        staysForeign(forged, "Pending");
    }

    @Test
    void aForgedLaterJobIsNeverReadAndNamedUntilItIsGone() {
        chain.reach("train");
        Job forged = forge("bot-1-evaluate", Stage.EVALUATE);
        chain.look();
        assertThat(chain.bot("/phase")).isEqualTo("Training");

        staysForeign(forged, "Queued");
    }

    private void staysForeign(Job forged, String phase) {
        String name = forged.getMetadata().getName();
        chain.runToTheEnd(spec ->
                spec.run().kind().equals("SecurityVector") || spec.task().stage() == Stage.TRAIN
                        ? Results.good(spec)
                        : evaluated(spec, Verdict.PASSED));

        assertThat(chain.bot("/phase")).isEqualTo(phase);
        assertThat(chain.condition("Ready")).isEqualTo("False NameTaken");
        assertThat(chain.message("bot", "Ready")).contains("Job " + name, "not made by the operator");
        assertThat(chain.events()).contains("NameTaken");

        chain.world.client().resource(forged).delete();
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    @Test
    void aClaimInTheWayIsNamedAndNotTouched() {
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        chain.world.client().resource(claim("bot-1-scratch", "7Gi").build()).create();
        chain.world.applyFineTune();
        chain.look();

        assertThat(chain.condition("Ready")).isEqualTo("False NameTaken");
        assertThat(chain.jobs()).isEmpty();
        assertThat(chain.world
                        .client()
                        .persistentVolumeClaims()
                        .inNamespace(World.NAMESPACE)
                        .withName("bot-1-scratch")
                        .require()
                        .getSpec()
                        .getResources()
                        .getRequests())
                .containsEntry("storage", new Quantity("7Gi"));
    }

    @Test
    void aClaimThatAUserLetsTheResourceControlStaysWhateverTheRunComesTo() {
        chain.reach("train");
        chain.world
                .client()
                .resource(claim("bot-notes", "1Gi")
                        .editMetadata()
                        .withOwnerReferences(
                                chain.job("bot-1-train").getMetadata().getOwnerReferences())
                        .endMetadata()
                        .build())
                .create();
        chain.look();
        assertThat(chain.scratch()).contains("bot-notes", "bot-1-scratch");

        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.scratch()).containsExactly("bot-notes");
    }

    private static PersistentVolumeClaimBuilder claim(String name, String size) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withNamespace(World.NAMESPACE)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", new Quantity(size))
                .endResources()
                .endSpec();
    }
}
