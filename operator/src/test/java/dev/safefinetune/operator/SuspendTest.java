package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.operator.plan.Names;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run that is held and let go, and what makes it another one. */
class SuspendTest {
    @RegisterExtension
    private final Chain chain = new Chain();

    private boolean isHeld(String job) {
        return Boolean.TRUE.equals(chain.job(job).getSpec().getSuspend());
    }

    @Test
    void holdsTheStagesJobAndLetsItGoAgain() {
        chain.reach("train");
        String uid = chain.job("bot-1-train").getMetadata().getUid();
        chain.patch("{\"suspend\":true}");
        chain.look();

        assertThat(isHeld("bot-1-train")).isTrue();
        assertThat(chain.bot("/phase")).isEqualTo("Suspended");
        assertThat(chain.bot("/observedGeneration")).isEqualTo("2");
        assertThat(chain.condition("Suspended")).isEqualTo("True Suspended");
        assertThat(chain.condition("Reconciling")).isEqualTo("False Suspended");
        assertThat(chain.condition("Stalled")).isEqualTo("False Suspended");
        assertThat(chain.condition("Ready")).isEqualTo("False Suspended");
        assertThat(chain.events()).contains("Normal Suspended Train: suspended by spec.suspend in Train");

        chain.patch("{\"suspend\":false}");
        chain.look();

        assertThat(isHeld("bot-1-train")).isFalse();
        assertThat(chain.job("bot-1-train").getMetadata().getUid()).isEqualTo(uid);
        assertThat(chain.bot("/phase")).isEqualTo("Training");
        assertThat(chain.condition("Suspended")).isEqualTo("False NotSuspended");
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.bot("/run/id")).isEqualTo("bot-1");
        assertThat(chain.jobs()).hasSize(4).allSatisfy(job -> assertThat(job).startsWith("bot-1-"));
    }

    @Test
    void createsNothingWhileSuspended() {
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        var wish = chain.world.fineTuneToApply();
        wish.setSpec(Manifests.read(
                Serialization.asJson(wish.getSpec()).replace("\"suspend\":false", "\"suspend\":true"),
                SafeFineTuneSpec.class));
        chain.world.client().resource(wish).create();
        chain.look();

        assertThat(chain.jobs()).isEmpty();
        assertThat(chain.scratch()).isEmpty();
        assertThat(chain.bot("/phase")).isEqualTo("Suspended");
        assertThat(chain.condition("Suspended")).isEqualTo("True Suspended");

        chain.patch("{\"suspend\":false}");
        chain.look();
        assertThat(chain.jobs()).containsExactly("bot-1-prepare");
    }

    @Test
    void beginsNoStageWhileSuspendedAlsoWhenTheLastOneEndsMeanwhile() {
        chain.reach("train");
        chain.patch("{\"suspend\":true}");
        chain.world.pods().run(World.NAMESPACE, Results::good);
        chain.look();

        assertThat(chain.jobs()).doesNotContain("bot-1-evaluate");
        assertThat(chain.bot("/phase")).isEqualTo("Suspended");
        assertThat(chain.bot("/stages/1/state")).isEqualTo("Succeeded");

        chain.patch("{\"suspend\":false}");
        chain.look();
        assertThat(chain.jobs()).contains("bot-1-evaluate");
    }

    /** A queue, or a hand, holds a Job by the same field; the operator lets go what it has held itself. */
    @Test
    void aJobThatSomethingElseHoldsIsLeftToIt() {
        chain.reach("train");
        hold("bot-1-train");
        chain.look();

        assertThat(isHeld("bot-1-train")).isTrue();
        assertThat(chain.bot("/phase")).isEqualTo("Queued");
        assertThat(chain.condition("Reconciling")).isEqualTo("True JobHeld");

        chain.patch("{\"suspend\":true}");
        chain.look();
        chain.patch("{\"suspend\":false}");
        chain.look();
        assertThat(isHeld("bot-1-train")).isTrue();
        assertThat(chain.job("bot-1-train").getMetadata().getAnnotations()).doesNotContainKey(Names.HELD_ANNOTATION);
    }

    private void hold(String job) {
        chain.world
                .client()
                .resource(chain.job(job))
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"suspend\":true}}");
    }

    @Test
    void aChangedRunPolicyGoesOnWithTheSameRun() {
        chain.reach("train");
        chain.patch("{\"runPolicy\":{\"activeDeadline\":\"8h\"}}");
        chain.look();

        assertThat(chain.bot("/run/id")).isEqualTo("bot-1");
        assertThat(chain.bot("/observedGeneration")).isEqualTo("2");
        assertThat(chain.jobs()).contains("bot-1-train").hasSize(2);
    }

    @Test
    void whatThePoliciesHaveAcceptedStaysAcceptedThroughAChangeThatMakesNoOtherRun() {
        chain.reach("train");
        assertThat(chain.condition("PolicyAccepted")).isEqualTo("True NoPolicy");
        for (String change :
                new String[] {"{\"suspend\":true}", "{\"suspend\":false}", "{\"runPolicy\":{\"activeDeadline\":\"8h\"}}"
                }) {
            chain.patch(change);
            chain.look();

            assertThat(chain.condition("PolicyAccepted")).as(change).isEqualTo("True NoPolicy");
        }
        assertThat(chain.bot("/observedGeneration")).isEqualTo("4");
        assertThat(Chain.status(chain.world.fineTune()).path("conditions"))
                .allSatisfy(condition ->
                        assertThat(condition.path("observedGeneration").asInt()).isEqualTo(4));
    }

    @Test
    void anEndedRunStaysEndedAndIsObservedWithItsNewSpec() {
        chain.reach("publish");
        chain.runToTheEnd(Results::good);
        chain.patch("{\"suspend\":true}");
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.bot("/observedGeneration")).isEqualTo("2");
        assertThat(chain.bot("/conditions/0/observedGeneration")).isEqualTo("2");
        assertThat(chain.condition("Ready")).isEqualTo("True Succeeded");
        assertThat(chain.jobs()).hasSize(4);
    }

    @Test
    void aWishThatComesBackIsANewRun() {
        chain.reach("train");
        chain.patch("{\"output\":{\"uri\":\"pvc://models/other\"}}");
        chain.look();
        assertThat(chain.bot("/run/id")).isEqualTo("bot-2");
        chain.patch("{\"output\":{\"uri\":\"pvc://models/bot\"}}");
        chain.look();

        assertThat(chain.bot("/run/id")).isEqualTo("bot-3");
        assertThat(chain.jobs()).containsExactly("bot-3-prepare");
        assertThat(chain.scratch()).containsExactly("bot-3-scratch");
    }

    /** The operator dies between the Job and the status, and the resource is suspended before another one looks. */
    @Test
    void knowsTheJobThatWasPlannedAndNotYetSeen() {
        chain.reach("prepare");
        String uid = chain.job("bot-1-prepare").getMetadata().getUid();
        var unseen = chain.world.fineTune();
        unseen.setStatus(Manifests.read(
                "{observedGeneration: 1, phase: Pending, run: {id: bot-1, specHash: '" + chain.bot("/run/specHash")
                        + "'}, stages: [{name: Prepare, state: Pending, planned: '" + chain.bot("/stages/0/planned")
                        + "'}]}",
                SafeFineTuneStatus.class));
        chain.world.client().resource(unseen).updateStatus();
        chain.patch("{\"suspend\":true}");
        chain.restart();
        chain.look();

        assertThat(chain.bot("/run/id")).isEqualTo("bot-1");
        assertThat(isHeld("bot-1-prepare")).isTrue();
        chain.patch("{\"suspend\":false}");
        chain.look();
        assertThat(chain.jobs()).containsExactly("bot-1-prepare");
        assertThat(chain.job("bot-1-prepare").getMetadata().getUid()).isEqualTo(uid);
    }
}
