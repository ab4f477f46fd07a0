package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies and wishes that change while a run is under way. */
class MidRunTest {
    @RegisterExtension
    private final Chain chain = new Chain();

    private void policy(String own) {
        String spec = Manifests.opened(own);
        var policies = chain.world.client().resources(SafeFineTunePolicy.class);
        if (policies.withName("prod").get() == null) {
            chain.world.client().resource(Manifests.policy("prod", spec)).create();
        } else {
            policies.withName("prod").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
        }
    }

    private Map<String, Quantity> limits(String job) {
        return chain.job(job).getSpec().getTemplate().getSpec().getContainers().stream()
                .filter(container -> container.getName().equals("trainer"))
                .findFirst()
                .orElseThrow()
                .getResources()
                .getLimits();
    }

    /** Runs what is at work to its end, and looks. */
    private void stageEnds() {
        chain.world.pods().run(World.NAMESPACE, Results::good);
        chain.look();
    }

    @ParameterizedTest
    @CsvSource({"prepare, train, Trained", "train, evaluate, SafetyGatePassed", "evaluate, publish, Published"})
    void aPolicyThatComesInMidRunEndsItBeforeTheNextStage(String at, String next, String condition) {
        chain.reach(at);
        policy("{\"allowedModels\":[\"pvc://approved/*\"]}");
        chain.look();
        assertThat(chain.jobs()).as("a stage at work is not cut short").contains("bot-1-" + at);
        assertThat(chain.bot("/phase")).isNotEqualTo("Failed");

        stageEnds();

        assertThat(chain.condition("Failed")).isEqualTo("True ModelNotAllowed");
        assertThat(chain.condition("PolicyAccepted")).isEqualTo("False ModelNotAllowed");
        assertThat(chain.condition(condition)).startsWith("False");
        assertThat(chain.message("bot", "PolicyAccepted")).contains("policy prod allows pvc://approved/*");
        assertThat(chain.jobs()).doesNotContain("bot-1-" + next);
        assertThat(chain.events()).contains("Warning ModelNotAllowed");
    }

    @Test
    void aSpecRaisedPastALimitInMidRunEndsItBeforeTheNextStage() {
        policy("{\"limits\":{\"maxGpus\":2}}");
        chain.reach("prepare");
        chain.patch("{\"resources\":{\"gpus\":4}}");
        chain.look();
        assertThat(chain.bot("/phase")).isEqualTo("Preparing");

        stageEnds();

        assertThat(chain.condition("Failed")).isEqualTo("True LimitExceeded");
        assertThat(chain.message("bot", "Failed")).contains("spec.resources.gpus is 4; policy prod allows at most 2");
        assertThat(chain.jobs()).doesNotContain("bot-1-train");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxHarmfulRate", "maxIncreaseOverBase", "maxUtilityDrop", "maxRefusalDrop"})
    void aModelThatWasJudgedMoreLooselyThanAPolicyAllowsByNowIsNotPublished(String limit) {
        policy("{\"thresholds\":{\"maxUtilityDrop\":\"0.5\"}}");
        chain.reach("evaluate");
        policy("{\"thresholds\":{\"" + limit + "\":\"0.001\"}}");
        stageEnds();

        assertThat(chain.condition("Failed")).isEqualTo("True ThresholdLoosened");
        assertThat(chain.message("bot", "Failed"))
                .contains(
                        "spec.safety.evaluation." + limit + " is ",
                        "in the model's evaluation; policy prod allows at most 0.001 by now");
        assertThat(chain.jobs()).doesNotContain("bot-1-publish");
    }

    @Test
    void aPolicyThatChangesAndStillAllowsTheRunIsWrittenDown() {
        policy("{\"limits\":{\"maxGpus\":8}}");
        chain.reach("train");
        assertThat(chain.bot("/resolved/policies/0")).isEqualTo("prod@1");
        policy("{\"limits\":{\"maxGpus\":4}}");
        stageEnds();

        assertThat(chain.bot("/resolved/policies/0")).isEqualTo("prod@2");
        assertThat(chain.message("bot", "PolicyAccepted")).isEqualTo("within prod@2");
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    @Test
    void aSuspendedRunIsAskedOnceItIsToGoOn() {
        chain.reach("train");
        chain.patch("{\"suspend\":true}");
        policy("{\"allowedModels\":[\"pvc://approved/*\"]}");
        stageEnds();
        assertThat(chain.bot("/phase")).isEqualTo("Suspended");

        policy("{\"allowedModels\":[\"pvc://models/*\"]}");
        chain.patch("{\"suspend\":false}");
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    /** The dataset has 100 samples, as Prepare finds out: with 10 a step, two epochs are at most 20 steps. */
    @Test
    void aCooldownThatIsLongerThanTheTrainingEndsTheRunBeforeAGpuIsHeld() {
        chain.reach("prepare");
        chain.patch("{\"method\":{\"hyperparameters\":{\"epochs\":2,\"batchSize\":10}},\"safety\":{\"cooldown\":"
                + "{\"steps\":61}}}");
        chain.look();
        stageEnds();

        assertThat(chain.condition("Failed")).isEqualTo("True SpecInvalid");
        assertThat(chain.message("bot", "Failed"))
                .contains("spec.safety.cooldown.steps is 61", "give as many at most, or 60");
    }

    /** The dataset has 100 samples, as Prepare finds out. */
    @ParameterizedTest
    @CsvSource({"3, LimitExceeded", "4, StageRunning"})
    void theCooldownsStepsCountOnceTheSamplesAreCounted(int most, String reason) {
        policy("{\"limits\":{\"maxEpochs\":" + most + "}}");
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        chain.world.applyFineTune();
        chain.patch("{\"method\":{\"hyperparameters\":{\"epochs\":2,\"batchSize\":10}},\"safety\":{\"cooldown\":"
                + "{\"dataset\":{\"uri\":\"pvc://tickets/trusted.jsonl\"},\"steps\":15}}}");
        chain.look();
        assertThat(chain.condition("Ready")).isEqualTo("False StageRunning");
        stageEnds();

        assertThat(chain.condition("Ready")).isEqualTo("False " + reason);
        assertThat(chain.jobs().contains("bot-2-train")).isEqualTo(reason.equals("StageRunning"));
    }

    @Test
    void changedResourcesGoOnWithTheSameRunAndHoldForTheStagesToCome() {
        chain.reach("prepare");
        chain.patch("{\"resources\":{\"gpus\":2,\"memory\":\"8Gi\"}}");
        chain.look();
        stageEnds();

        assertThat(chain.bot("/run/id")).isEqualTo("bot-1");
        assertThat(chain.events()).doesNotContain("RunReplaced");
        assertThat(limits("bot-1-train"))
                .containsEntry("nvidia.com/gpu", new Quantity("2"))
                .containsEntry("memory", new Quantity("8Gi"));
    }

    @Test
    void whatTrainingComputesOnIsFixedWhenItBegins() {
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        chain.world.applyFineTune();
        chain.patch("{\"resources\":{\"gpus\":2}}");
        chain.look();
        stageEnds();
        String train = chain.job("bot-2-train").getMetadata().getUid();
        assertThat(chain.bot("/run/training/device")).isEqualTo("nvidia.com/gpu");
        assertThat(chain.bot("/run/training/gpus")).isEqualTo("2");
        assertThat(chain.bot("/run/training/precision")).isEqualTo("bfloat16");

        chain.patch("{\"resources\":{\"gpus\":0,\"gpuResource\":\"amd.com/gpu\",\"memory\":\"64Gi\"}}");
        chain.look();
        chain.restart();
        chain.look();
        assertThat(chain.job("bot-2-train").getMetadata().getUid()).isEqualTo(train);
        stageEnds();

        assertThat(limits("bot-2-evaluate"))
                .containsEntry("nvidia.com/gpu", new Quantity("2"))
                .containsEntry("memory", new Quantity("64Gi"))
                .doesNotContainKey("amd.com/gpu");
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.bot("/run/training/gpus")).isEqualTo("2");
    }

    /** The remedy of a run that has run out of memory. */
    @Test
    void aFailedRunIsBegunAnewWithOtherResources() {
        chain.reach("train");
        chain.world.pods().end(chain.job("bot-1-train"), 31, null);
        chain.look();
        assertThat(chain.bot("/phase")).isEqualTo("Failed");

        chain.patch("{\"resources\":{\"memory\":\"64Gi\"}}");
        chain.look();

        assertThat(chain.bot("/run/id")).isEqualTo("bot-2");
        assertThat(chain.bot("/phase")).isEqualTo("Preparing");
        assertThat(chain.events())
                .contains("Normal RunReplaced run bot-2 takes the place of bot-1: changed were spec.resources\n");
    }

    @Test
    void aRunThatHasSucceededIsNotBegunAnewWithOtherResources() {
        chain.reach("publish");
        chain.runToTheEnd(Results::good);
        chain.patch("{\"resources\":{\"memory\":\"64Gi\"}}");
        chain.look();

        assertThat(chain.bot("/run/id")).isEqualTo("bot-1");
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    @Test
    void aRunThatTakesAnothersPlaceSaysSoAndWhatWasChanged() {
        chain.reach("train");
        chain.patch("{\"output\":{\"uri\":\"pvc://models/other\"},\"method\":{\"hyperparameters\":{\"epochs\":2}},"
                + "\"resources\":{\"memory\":\"64Gi\"}}");
        chain.look();

        assertThat(chain.bot("/run/id")).isEqualTo("bot-2");
        assertThat(chain.events())
                .contains("Warning RunReplaced run bot-2 takes the place of bot-1: changed were spec.method,"
                        + " spec.output, spec.resources; what bot-1 had done so far is deleted");
    }

    @Test
    void aRunThatFollowsOnAnEndedOneIsNoWarning() {
        chain.reach("publish");
        chain.runToTheEnd(Results::good);
        chain.patch("{\"output\":{\"uri\":\"pvc://models/other\"}}");
        chain.look();

        assertThat(chain.events())
                .contains("Normal RunReplaced run bot-2 takes the place of bot-1: changed were spec.output\n");
    }
}
