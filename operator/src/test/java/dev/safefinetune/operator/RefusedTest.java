package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the API server does not let the operator do stands on the resource, and the time until it does is time in a queue. */
class RefusedTest {
    private static final String JOBS = "POST .*/jobs$";
    private static final String QUOTA = "exceeded quota: gpus, requested: count/jobs.batch=1, used: 9, limited: 9";

    @RegisterExtension
    private final Chain chain = new Chain();

    @Test
    void timeBeforeTheFirstJobDoesNotCount() {
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        chain.refusals.refuse(JOBS, 403, QUOTA);
        chain.world.applyFineTune();
        chain.look();
        assertThat(chain.bot("/phase")).isEqualTo("Pending");
        assertThat(chain.condition("Reconciling")).isEqualTo("True QuotaExceeded");

        chain.pass(Duration.ofHours(30));
        chain.look();
        chain.refusals.allow();
        chain.look();
        chain.look();
        assertThat(chain.bot("/phase")).isEqualTo("Preparing");
    }

    @Test
    void aStageThatMayNotBeginWaitsInTheQueueAndIsNotAtWork() {
        chain.reach("train");
        chain.refusals.refuse(JOBS, 403, QUOTA);
        chain.world.pods().run(World.NAMESPACE, Results::good);
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Queued");
        assertThat(chain.condition("Reconciling")).isEqualTo("True QuotaExceeded");
        assertThat(chain.bot("/run/clock/state")).isEqualTo("Queued");

        chain.pass(Duration.ofHours(23));
        chain.look();
        chain.refusals.allow();
        chain.look();
        chain.look();
        assertThat(chain.bot("/phase")).isEqualTo("Evaluating");
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    @Test
    void aRefusalThatDoesNotEndIsEndedByTheQueueDeadline() {
        chain.reach("train");
        chain.refusals.refuse(JOBS, 403, QUOTA);
        chain.world.pods().run(World.NAMESPACE, Results::good);
        chain.look();
        chain.pass(Duration.ofHours(25));
        chain.look();

        assertThat(chain.condition("Failed")).isEqualTo("True QueueDeadlineExceeded");
        assertThat(chain.jobs()).doesNotContain("bot-1-evaluate");
    }

    /** A rollout that hangs, a node that is gone: the stage has ended, and nobody is there to begin the next one. */
    @Test
    void timeWithoutAnOperatorBetweenTwoStagesIsNoTimeAtWork() {
        chain.reach("train");
        chain.world.pods().run(World.NAMESPACE, Results::good);
        chain.pass(Duration.ofHours(7));
        chain.look();
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Evaluating");
        assertThat(Integer.parseInt(chain.bot("/run/clock/activeSeconds"))).isLessThan(3600);
        chain.pass(Duration.ofHours(7));
        chain.look();
        assertThat(chain.condition("Failed")).isEqualTo("True ActiveDeadlineExceeded");
    }

    @Test
    void aRunThatCannotBeHeldIsNotCalledSuspended() {
        chain.reach("train");
        chain.refusals.refuse("PATCH .*/jobs/", 403, "denied by the site's policy");
        chain.patch("{\"suspend\":true}");
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Training");
        assertThat(chain.bot("/run/clock/state")).isEqualTo("Active");
        assertThat(chain.bot("/stages/1/state")).isEqualTo("Running");
        assertThat(chain.condition("Suspended")).isEqualTo("False NotSuspended");
        assertThat(chain.condition("Reconciling")).isEqualTo("True ApplyFailed");
    }

    @Test
    void anAdmissionWebhookThatIsAwayIsTold() {
        chain.reach("train");
        chain.refusals.refuse(JOBS, 500, "Internal error occurred: failed calling webhook \"jobs.acme.internal\"");
        chain.world.pods().run(World.NAMESPACE, Results::good);
        chain.look();

        assertThat(chain.condition("Reconciling")).isEqualTo("True ApplyFailed");
        assertThat(chain.message("bot", "Reconciling")).contains("jobs.acme.internal");
    }

    @Test
    void whatMayNotBeDeletedHoldsTheNextRunNotUp() {
        chain.reach("train");
        chain.refusals.refuse("DELETE .*/persistentvolumeclaims/", 403, "claims are protected here");
        chain.patch("{\"output\":{\"uri\":\"pvc://models/other\"}}");
        chain.look();

        assertThat(chain.jobs()).containsExactly("bot-2-prepare");
        assertThat(chain.scratch()).containsExactlyInAnyOrder("bot-1-scratch", "bot-2-scratch");
        chain.refusals.allow();
        chain.look();
        assertThat(chain.scratch()).containsExactly("bot-2-scratch");
    }

    /** A wish that no status ever named has taken nothing from the run before it. */
    @Test
    void aRunIsOnlyClearedAwayOnceTheStatusNamesTheNextOne() {
        chain.reach("train");
        chain.patch("{\"output\":{\"uri\":\"pvc://models/other\"}}");
        chain.refusals.refuse("PUT .*/status$", 500, "etcd is away");
        assertThatThrownBy(chain::look).isInstanceOf(KubernetesClientException.class);
        chain.patch("{\"output\":{\"uri\":\"pvc://models/bot\"}}");
        chain.refusals.allow();
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Training");
        assertThat(chain.bot("/run/id")).isEqualTo("bot-1");
        assertThat(chain.jobs()).containsExactlyInAnyOrder("bot-1-prepare", "bot-1-train");
    }
}
