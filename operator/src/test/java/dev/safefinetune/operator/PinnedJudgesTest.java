package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What judges a run is pinned by a policy, whatever the run and its user say. */
class PinnedJudgesTest {
    private static final String VECTOR = vector('2');
    private static final String SUITE = suite('c');

    @RegisterExtension
    private final Chain chain = new Chain();

    private static String vector(char digest) {
        return "\"securityVectors\":{\"pinned\":[{\"digest\":\"" + Results.digest(digest) + "\"}]}";
    }

    private static String suite(char digest) {
        return "\"suites\":{\"pinned\":[{\"name\":\"refusals\",\"prompts\":\"" + Results.digest(digest) + "\"}]}";
    }

    private void policy(String... fields) {
        String spec = "{" + String.join(",", fields) + "}";
        var policies = chain.world.client().resources(SafeFineTunePolicy.class);
        if (policies.withName("prod").get() == null) {
            chain.world.client().resource(Manifests.policy("prod", spec)).create();
        } else {
            policies.withName("prod").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
        }
    }

    /** As a trainer states it that was given trusted samples as well. */
    private static StageResult withTrustedSet(JobSpec spec) {
        return spec.task() instanceof StageTask.Prepare prepare && prepare.cooldown() != null
                ? StageResult.done(
                        spec.run(),
                        spec.task().stage(),
                        Results.outputs(prepare).plus(Inputs.of(Map.of(Inputs.COOLDOWN, Results.digest('e')))),
                        Results.figures(prepare))
                : Results.good(spec);
    }

    private void vector() {
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
    }

    private void endsWith(String reason, String... said) {
        assertThat(chain.condition("Ready")).isEqualTo("False " + reason);
        assertThat(chain.condition("PolicyAccepted")).isEqualTo("False " + reason);
        assertThat(chain.message("bot", "PolicyAccepted")).contains(said);
    }

    /** Finding 1: a vector trained on nonsense is Ready by its own thresholds, and the suite is the user's own too. */
    @Test
    void aUsersOwnVectorAndSuiteAreRefusedWhereNoPolicyPinsThem() {
        policy();
        vector();
        chain.world.applyFineTune();
        chain.patch("{\"safety\":{\"evaluation\":{\"prompts\":{\"uri\":\"pvc://tickets/own.jsonl\"}}}}");
        chain.runToTheEnd(Results::good);

        assertThat(chain.bot("/phase")).isEqualTo("Rejected");
        endsWith("VectorNotAllowed", "policy prod wants a vector that a policy pins, and none pins one");
        assertThat(chain.jobs()).isEmpty();

        policy(vector('9'), SUITE);
        chain.runToTheEnd(Results::good);
        endsWith("VectorNotAllowed", "with digest " + Results.digest('2'));
        assertThat(chain.jobs()).isEmpty();

        policy(VECTOR, suite('9'));
        chain.runToTheEnd(Results::good);
        endsWith(
                "SuiteNotAllowed",
                "spec.safety.evaluation.prompts.uri is pvc://tickets/own.jsonl with digest " + Results.digest('c'),
                "policy prod wants refusals (" + Results.digest('9'));
        assertThat(chain.jobs()).containsExactly("bot-2-prepare");
    }

    /** Finding 2: harmful rows as trusted samples are trained on without the vector. */
    @Test
    void trustedSamplesThatNoPolicyPinsAreRefused() {
        policy(VECTOR, SUITE);
        vector();
        chain.world.applyFineTune();
        chain.patch("{\"safety\":{\"cooldown\":{\"dataset\":{\"uri\":\"pvc://tickets/harmful.jsonl\"}}}}");
        chain.runToTheEnd(PinnedJudgesTest::withTrustedSet);
        endsWith("CooldownDatasetNotAllowed", "pvc://tickets/harmful.jsonl", "none pins any");
        assertThat(chain.jobs()).isEmpty();

        policy("\"cooldown\":{\"trustedSets\":[{\"digest\":\"" + Results.digest('d') + "\"}]}");
        chain.runToTheEnd(PinnedJudgesTest::withTrustedSet);
        endsWith(
                "CooldownDatasetNotAllowed",
                "with digest " + Results.digest('e'),
                Results.digest('d').value());
        assertThat(chain.bot("/resolved/trustedSet"))
                .isEqualTo(Results.digest('e').value());
        assertThat(chain.jobs()).as("no GPU is held").containsExactly("bot-2-prepare");
    }

    /** Finding 6: the claim behind an allowed URI is the user's. */
    @Test
    void aModelThatWasSwappedBehindItsUriIsRefused() {
        policy(
                VECTOR,
                SUITE,
                "\"allowedModels\":[\"pvc://models/*\"]",
                "\"baseModels\":[{\"name\":\"base\",\"digest\":\"" + Results.digest('9') + "\"}]");
        vector();
        chain.world.applyFineTune();
        chain.runToTheEnd(Results::good);

        endsWith("ModelNotAllowed", "with digest " + Results.digest('a'), "base (" + Results.digest('9'));
        assertThat(chain.jobs()).containsExactly("bot-1-prepare");
    }

    @ParameterizedTest
    @CsvSource({"prepare, train", "train, evaluate", "evaluate, publish"})
    void whatIsPinnedIsAskedAgainBeforeEachStage(String at, String next) {
        policy(VECTOR, SUITE);
        chain.reach(at);
        policy(VECTOR, suite('9'));
        chain.runToTheEnd(Results::good);

        assertThat(chain.condition("Failed")).isEqualTo("True SuiteNotAllowed");
        assertThat(chain.jobs()).doesNotContain("bot-1-" + next);
    }

    @Test
    void aVectorThatIsPinnedNoMoreEndsTheRunBeforePublication() {
        policy(VECTOR, SUITE);
        chain.reach("evaluate");
        policy(vector('9'));
        chain.runToTheEnd(Results::good);

        assertThat(chain.condition("Failed")).isEqualTo("True VectorNotAllowed");
        assertThat(chain.jobs()).doesNotContain("bot-1-publish");
    }

    @Test
    void aRunOfPinnedJudgesSucceedsAndSaysWhatHeldForIt() {
        policy(VECTOR, SUITE);
        chain.reach("publish");
        chain.runToTheEnd(Results::good);

        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.bot("/resolved/held/0/policy")).isEqualTo("prod@1");
        assertThat(chain.bot("/resolved/held/0/enforcement")).isEqualTo("Enforce");
        assertThat(chain.bot("/resolved/suites/0/prompts"))
                .isEqualTo(Results.digest('c').value());
    }

    @Test
    void aPolicyThatWarnsLetsTheRunGoAndSaysWhatItWouldHaveRefused() {
        policy("\"enforcement\":\"Warn\"", VECTOR, suite('9'));
        chain.reach("publish");
        chain.runToTheEnd(Results::good);

        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.condition("PolicyAccepted")).isEqualTo("True NotEnforced");
        assertThat(chain.bot("/resolved/held/0/notEnforced/0"))
                .startsWith("spec.safety.evaluation.prompts.uri is pvc://red-team/prompts.jsonl with digest");
        assertThat(chain.events()).contains("Warning NotEnforced within prod@1. not enforced: spec.safety.evaluation");
    }

    @Test
    void aPolicyThatOnlyAuditsIsSeenOnTheStatusAlone() {
        policy("\"enforcement\":\"Audit\"");
        chain.reach("publish");
        chain.runToTheEnd(Results::good);

        assertThat(chain.condition("PolicyAccepted")).isEqualTo("True WithinLimits");
        assertThat(chain.bot("/resolved/held/0/notEnforced/0")).contains("policy prod wants a vector");
        assertThat(chain.events()).doesNotContain("NotEnforced");
    }

    @Test
    void aWaiverThatEndsDuringTheRunCountsForNoLaterStage() {
        String until = Instant.now()
                .plus(Duration.ofHours(1))
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        policy(
                VECTOR,
                suite('9'),
                "\"waivers\":[{\"namespace\":\"" + World.NAMESPACE + "\",\"until\":\"" + until
                        + "\",\"reason\":\"the suite is on its way\",\"waives\":[\"Suites\"]}]");
        chain.reach("train");
        assertThat(chain.condition("PolicyAccepted")).isEqualTo("True Waived");
        assertThat(chain.message("bot", "PolicyAccepted"))
                .isEqualTo("within prod@1. Suites of prod@1 is waived until " + until + ": the suite is on its way");
        assertThat(chain.bot("/resolved/held/0/waivers/0/until")).isEqualTo(until);

        chain.pass(Duration.ofHours(2));
        chain.look();
        assertThat(chain.bot("/phase")).as("a stage at work is not cut short").isEqualTo("Training");
        chain.runToTheEnd(Results::good);

        assertThat(chain.condition("Failed")).isEqualTo("True SuiteNotAllowed");
        assertThat(chain.jobs()).doesNotContain("bot-1-evaluate");
    }
}
