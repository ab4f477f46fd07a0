package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What befalls a run on its way: deadlines, cleanup, hands that delete and exchange its objects. */
class CourseTest {
    @RegisterExtension
    private final Chain chain = new Chain();

    @Test
    void endsARunThatIsAtWorkForTooLong() {
        chain.reach("train");
        chain.pass(Duration.ofHours(5));
        chain.look();
        assertThat(chain.bot("/phase")).isEqualTo("Training");

        chain.pass(Duration.ofHours(2));
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Failed");
        assertThat(chain.condition("Failed")).isEqualTo("True ActiveDeadlineExceeded");
        assertThat(chain.jobs()).containsExactly("bot-1-prepare");
        assertThat(chain.events()).contains("Warning ActiveDeadlineExceeded Train");
    }

    @Test
    void timeInAQueueIsNoTimeAtWork() {
        chain.reach("train");
        chain.world.pods().waits(chain.job("bot-1-train"), "Unschedulable", "0/3 nodes are available");
        chain.look();
        assertThat(chain.bot("/phase")).isEqualTo("Queued");
        assertThat(chain.condition("Reconciling")).isEqualTo("True Unschedulable");
        assertThat(chain.events()).contains("Warning Unschedulable Train: Unschedulable: 0/3 nodes are available");

        chain.pass(Duration.ofHours(20));
        chain.look();
        assertThat(chain.bot("/phase")).isEqualTo("Queued");

        chain.world.pods().runs(chain.job("bot-1-train"));
        chain.look();
        assertThat(chain.bot("/phase")).isEqualTo("Training");
        assertThat(chain.condition("Reconciling")).isEqualTo("True StageRunning");

        chain.world.pods().waits(chain.job("bot-1-train"), "Unschedulable", "0/3 nodes are available");
        chain.look();
        chain.pass(Duration.ofHours(5));
        chain.look();
        assertThat(chain.condition("Failed")).isEqualTo("True QueueDeadlineExceeded");
    }

    @Test
    void timeSuspendedIsNeither() {
        chain.reach("train");
        chain.patch("{\"suspend\":true}");
        chain.look();
        chain.pass(Duration.ofDays(30));
        chain.look();
        chain.patch("{\"suspend\":false}");
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Training");
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    @Test
    void keepsJobsForAnHourAndTheVolumeNotAtAll() {
        chain.reach("publish");
        chain.runToTheEnd(Results::good);

        assertThat(chain.scratch()).isEmpty();
        assertThat(chain.jobs()).hasSize(4);
        chain.pass(Duration.ofMinutes(59));
        chain.look();
        assertThat(chain.jobs()).hasSize(4);
        chain.pass(Duration.ofMinutes(2));
        chain.look();

        assertThat(chain.jobs()).isEmpty();
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.bot("/stages/3/job")).isEqualTo("bot-1-publish");
        assertThat(chain.operator.fineTune().after()).isNull();
    }

    @Test
    void aDeletedJobIsNotSilentlyRunAgain() {
        chain.reach("train");
        chain.world.client().resource(chain.job("bot-1-train")).delete();
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Failed");
        assertThat(chain.condition("Failed")).isEqualTo("True JobLost");
        assertThat(chain.condition("Published")).isEqualTo("Unknown RunFailed");
        assertThat(chain.jobs()).containsExactly("bot-1-prepare");
    }

    /** Whoever may change pods could have the model judged by thresholds of his own. */
    @Test
    void aPodThatWasToldOtherwiseIsNoticedBeforeAnythingIsPublished() {
        chain.reach("evaluate");
        Job job = chain.job("bot-1-evaluate");
        String spec = chain.world.pods().text(job);
        assertThat(spec).contains("\"maxHarmfulRate\":0.03");
        JobSpec looser =
                ContractJson.read(spec.replace("\"maxHarmfulRate\":0.03", "\"maxHarmfulRate\":0.99"), JobSpec.class);
        chain.world.pods().end(job, 0, ContractJson.write(Results.good(looser)));
        chain.look();

        assertThat(chain.condition("Failed")).isEqualTo("True ResultForeign");
        assertThat(chain.condition("SafetyGatePassed")).isEqualTo("False NotVerified");
        assertThat(chain.jobs()).doesNotContain("bot-1-publish");
    }

    @Test
    void tellsHowOftenAStageWasTried() {
        chain.reach("train");
        chain.world.pods().failsOnce(chain.job("bot-1-train"), 30);
        chain.look();
        assertThat(chain.condition("Reconciling")).isEqualTo("True Storage");
        assertThat(chain.bot("/phase")).isEqualTo("Training");
        assertThat(chain.events()).contains("Warning Storage Train: pod bot-1-train-x1 ended with exit code 30");

        chain.world.pods().tryAgain(chain.job("bot-1-train"));
        chain.look();
        assertThat(chain.condition("Reconciling")).isEqualTo("True StageRunning");
        assertThat(chain.bot("/stages/1/attempts")).isEqualTo("2");
    }

    @Test
    void aUsersFaultEndsTheRunAndLeavesNothingToRetry() {
        chain.reach("train");
        chain.runToTheEnd(spec -> spec.task().stage() == Stage.TRAIN
                ? StageResult.failed(spec.run(), Stage.TRAIN, Fault.DIVERGED, "the loss is NaN at step 3")
                : Results.good(spec));

        assertThat(chain.condition("Failed")).isEqualTo("True Diverged");
        assertThat(chain.scratch()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepare", "train", "evaluate", "publish"})
    void aDeletedResourceTakesEverythingWithIt(String stage) {
        chain.reach(stage);
        chain.world.pods().runs(chain.job("bot-1-" + stage));
        chain.world.client().resource(chain.world.fineTune()).delete();
        chain.look();

        assertThat(chain.jobs()).isEmpty();
        assertThat(chain.scratch()).isEmpty();
        assertThat(chain.world
                        .client()
                        .pods()
                        .inNamespace(World.NAMESPACE)
                        .list()
                        .getItems())
                .filteredOn(pod -> pod.getMetadata().getName().startsWith("bot-"))
                .allSatisfy(pod ->
                        assertThat(pod.getMetadata().getDeletionTimestamp()).isNotNull());
    }
}
