package dev.safefinetune.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.ServedSuite;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Suites that policies ask, which every run is judged by beside its own. */
class PlatformSuitesTest {
    private static final String EXAM = digest('5');
    private static final String ASKS = "securityVectors: {from: Any}, cooldown: {datasets: Any},"
            + " suites: {platform: [{configMap: house, prompts: '%s'}]}";
    private static final FineTuneWish WISH =
            Wishes.wish("safety: {evaluation: {prompts: {uri: pvc://tickets/own.jsonl}}}");
    private static final Evidence PREPARED = new Evidence(
            WISH,
            List.of(),
            Inputs.of(Map.of(Inputs.MODEL, new Digest(digest('a')), Inputs.PROMPTS, new Digest(digest('c')))),
            200,
            null,
            null);

    private static String digest(char c) {
        return "sha256:" + String.valueOf(c).repeat(64);
    }

    private static SafeFineTunePolicy asking(String name, String digest, String more) {
        return Wishes.policy(name, "{" + ASKS.formatted(digest) + more + "}");
    }

    private static List<Refusal> refusals(SafeFineTunePolicy... policies) {
        return Wishes.holding(policies).ruling(PREPARED).refusals();
    }

    @Test
    void aUsersSuiteIsAddedToThePlatformsWithoutBeingPinned() {
        assertThat(refusals(asking("exam", EXAM, ""))).isEmpty();
        assertThat(Wishes.holding(asking("exam", EXAM, "")).platformSuites())
                .containsExactly(new ServedSuite("house", new Digest(EXAM), null));
        // One that pins none itself is content with another policy's.
        assertThat(refusals(
                        asking("exam", EXAM, ""),
                        Wishes.policy("strict", "{securityVectors: {from: Any}, cooldown: {datasets: Any}}")))
                .isEmpty();
    }

    @Test
    void whereAPolicyPinsSuitesTooTheUsersHasToBeOneOfThem() {
        String pinned = ASKS.formatted(EXAM)
                .replace("suites: {", "suites: {pinned: [{name: s, prompts: '" + digest('9') + "'}], ");
        assertThat(refusals(Wishes.policy("exam", "{" + pinned + "}")))
                .extracting(Refusal::reason)
                .containsExactly(Reason.SUITE_NOT_ALLOWED);
    }

    @Test
    void thoseOfAllPoliciesAreAskedOnceEach() {
        assertThat(Wishes.holding(
                                asking("b", EXAM, ""),
                                asking("a", EXAM, ""),
                                Wishes.policy(
                                        "c",
                                        "{suites: {platform: [{configMap: a, prompts: '%s'}]}}".formatted(digest('6'))))
                        .platformSuites())
                .extracting(ServedSuite::name)
                .containsExactly("a", "house");
    }

    /** What is not asked vouches for nobody: the strict policy beside it refuses as if it were not there. */
    @Test
    void aPolicyThatWarnsOrIsWaivedAsksNoSuite() {
        String waiver = ", waivers: [{namespace: team-a, until: '2027-01-01T00:00:00Z', reason: r, waives: [Suites]}]";
        SafeFineTunePolicy strict =
                Wishes.policy("strict", "{securityVectors: {from: Any}, cooldown: {datasets: Any}}");
        for (SafeFineTunePolicy lax :
                List.of(asking("exam", EXAM, waiver), asking("exam", EXAM, ", enforcement: Warn"))) {
            assertThat(Wishes.holding(lax).platformSuites()).isEmpty();
            assertThat(refusals(lax)).isEmpty();
            assertThat(refusals(lax, strict)).extracting(Refusal::reason).contains(Reason.SUITE_NOT_ALLOWED);
        }
    }

    @Test
    void twoDigestsOfOneConfigMapContradict() {
        assertThat(refusals(asking("exam", EXAM, ""), asking("other", digest('6'), "")))
                .extracting(Refusal::message)
                .anySatisfy(message -> assertThat(message)
                        .contains("policy exam asks the suite house with digest " + EXAM, digest('6')));
    }
}
