package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.operator.world.Results;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An operator takes over from an older one, whose Jobs and statuses know neither the digest of the wish, nor that of the job
 * spec, nor a clock: no Job is made again, and the run ends where it would have.
 */
class UpgradeTest {
    @RegisterExtension
    private final Chain chain = new Chain();

    @ParameterizedTest
    @ValueSource(strings = {"prepare", "train", "evaluate", "publish"})
    void goesOnWithWhatAnOlderReleaseHasBegun(String stage) {
        chain.reach(stage);
        Job atWork = asOlder(chain.job("bot-1-" + stage));
        asOlder(chain.world.fineTune());
        chain.restart();
        chain.look();
        chain.look();

        assertThat(chain.job("bot-1-" + stage).getMetadata().getUid())
                .isEqualTo(atWork.getMetadata().getUid());
        assertThat(chain.bot("/run/id")).isEqualTo("bot-1");
        assertThat(chain.bot("/run/specHash")).startsWith("sha256:");
        chain.patch("{\"suspend\":true}");
        chain.look();
        chain.patch("{\"suspend\":false}");
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.jobs())
                .containsExactlyInAnyOrder("bot-1-prepare", "bot-1-train", "bot-1-evaluate", "bot-1-publish");
    }

    @Test
    void anEndedRunOfAnOlderReleaseIsNotRunAgainByASuspension() {
        chain.reach("publish");
        chain.runToTheEnd(Results::good);
        asOlder(chain.world.fineTune());
        chain.restart();
        chain.look();
        chain.patch("{\"suspend\":true}");
        chain.look();
        chain.patch("{\"suspend\":false}");
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.bot("/run/id")).isEqualTo("bot-1");
        assertThat(chain.jobs()).hasSize(4);
    }

    /** Its job spec lay in a ConfigMap of the same name. */
    private Job asOlder(Job job) {
        chain.world
                .client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(job.getMetadata().getNamespace())
                        .withName(job.getMetadata().getName())
                        .withOwnerReferences(job.getMetadata().getOwnerReferences())
                        .endMetadata()
                        .withImmutable(true)
                        .addToData("job.json", chain.world.pods().text(job))
                        .build())
                .create();
        chain.world.client().resource(job).delete();
        return chain.world
                .client()
                .resource(new JobBuilder(job)
                        .withNewMetadata()
                        .withNamespace(job.getMetadata().getNamespace())
                        .withName(job.getMetadata().getName())
                        .withLabels(job.getMetadata().getLabels())
                        .withOwnerReferences(job.getMetadata().getOwnerReferences())
                        .endMetadata()
                        .editSpec()
                        .withSelector(null)
                        .withBackoffLimit(0)
                        .withNewPodFailurePolicy()
                        .addNewRule()
                        .withAction("Ignore")
                        .addNewOnPodCondition("True", "DisruptionTarget")
                        .endRule()
                        .endPodFailurePolicy()
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

    private void asOlder(SafeFineTune resource) {
        SafeFineTuneStatus status = Objects.requireNonNull(resource.getStatus());
        RunStatus run = Objects.requireNonNull(status.run());
        resource.setStatus(new SafeFineTuneStatus(
                status.observedGeneration(),
                status.phase(),
                new RunStatus(run.id(), null, null, run.startTime(), run.completionTime(), null, null),
                Objects.requireNonNullElse(status.conditions(), List.<ConditionStatus>of()).stream()
                        .filter(condition -> !condition.type().equals(ConditionType.SUSPENDED.text()))
                        .toList(),
                status.progress(),
                Objects.requireNonNullElse(status.stages(), List.<StageStatus>of()).stream()
                        .map(stage -> stage.plannedAs(null))
                        .toList(),
                status.resolved(),
                status.safety(),
                status.output()));
        chain.world.client().resource(resource).updateStatus();
    }
}
