package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.plan.Names;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
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

    /** A Job with the labels and the owner of one of the run's; its template says nothing of a job spec. */
    private Job forge(String name, String like, Stage stage) {
        Job ours = chain.job(like);
        return chain.world
                .client()
                .resource(new JobBuilder(ours)
                        .withNewMetadata()
                        .withNamespace(World.NAMESPACE)
                        .withName(name)
                        .withLabels(ours.getMetadata().getLabels())
                        .addToLabels(Names.STAGE_LABEL, stage.text())
                        .withOwnerReferences(ours.getMetadata().getOwnerReferences())
                        .endMetadata()
                        .editSpec()
                        .withSelector(null)
                        .editTemplate()
                        .editMetadata()
                        .withAnnotations(null)
                        .endMetadata()
                        .endTemplate()
                        .endSpec()
                        .withStatus(null)
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
        Job forged = forge("zz-evaluate", "bot-1-evaluate", Stage.EVALUATE);
        chain.world.pods().end(forged, 0, ContractJson.write(evaluated(told, Verdict.PASSED)));
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Evaluating");
        assertThat(chain.jobs()).doesNotContain("bot-1-publish");

        chain.runToTheEnd(spec -> evaluated(spec, Verdict.FAILED));
        assertThat(chain.condition("SafetyGatePassed")).isEqualTo("False SafetyGateRefused");
    }

    @Test
    void aJobUnderAStagesNameThatTheOperatorHasNotMadeEndsTheRun() {
        chain.reach("train");
        forge("bot-1-evaluate", "bot-1-train", Stage.EVALUATE);
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Failed");
        assertThat(chain.condition("Failed")).isEqualTo("True JobSpecLost");
        assertThat(chain.message("bot", "Failed")).contains("Job bot-1-evaluate");
        assertThat(chain.condition("SafetyGatePassed")).isEqualTo("False NotVerified");
        assertThat(chain.jobs()).doesNotContain("bot-1-publish");
    }

    @Test
    void aClaimThatAUserLetsTheResourceControlStaysWhateverTheRunComesTo() {
        chain.reach("train");
        chain.world
                .client()
                .resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withNamespace(World.NAMESPACE)
                        .withName("bot-notes")
                        .withOwnerReferences(
                                chain.job("bot-1-train").getMetadata().getOwnerReferences())
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withNewResources()
                        .addToRequests("storage", new Quantity("1Gi"))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
        chain.look();
        assertThat(chain.scratch()).contains("bot-notes", "bot-1-scratch");

        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.scratch()).containsExactly("bot-notes");
    }

    /** The same text in a ConfigMap that somebody can still change is not what the operator would have a pod read. */
    @Test
    void aJobSpecThatCanBeChangedIsMadeAnewBeforeItsJob() {
        chain.reach("evaluate");
        var maps =
                chain.world.client().configMaps().inNamespace(World.NAMESPACE).withName("bot-1-evaluate");
        ConfigMap ours = maps.require();
        chain.world.client().resource(chain.job("bot-1-evaluate")).delete();
        maps.delete();
        chain.world
                .client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(World.NAMESPACE)
                        .withName("bot-1-evaluate")
                        .withOwnerReferences(ours.getMetadata().getOwnerReferences())
                        .endMetadata()
                        .withData(ours.getData())
                        .build())
                .create();
        var unwritten = chain.world.fineTune();
        unwritten.setStatus(null);
        chain.world.client().resource(unwritten).updateStatus();
        chain.look();

        assertThat(maps.require().getImmutable()).isTrue();
        assertThat(chain.jobs()).contains("bot-1-evaluate");
    }
}
