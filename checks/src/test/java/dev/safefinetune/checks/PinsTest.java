package dev.safefinetune.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.ReadinessSpec;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is judged does not choose what judges: what a policy pins by its digest. */
class PinsTest {
    private static final String BASE = digest('a');
    private static final String SUITE = digest('c');
    private static final String TASKS = digest('d');
    private static final String TRUSTED = digest('e');
    private static final String VECTOR = digest('2');
    private static final String OTHER = digest('9');

    private static final FineTuneWish WISH = Wishes.wish("""
            safety:
              cooldown: {dataset: {uri: pvc://tickets/trusted.jsonl}, steps: 20}
              evaluation: {prompts: {uri: pvc://tickets/own.jsonl}}
            """);

    private static String digest(char c) {
        return "sha256:" + String.valueOf(c).repeat(64);
    }

    private static final Map<String, Digest> DIGESTS = Map.of(
            Inputs.MODEL, new Digest(BASE),
            Inputs.PROMPTS, new Digest(SUITE),
            Inputs.UTILITY, new Digest(TASKS),
            Inputs.COOLDOWN, new Digest(TRUSTED));

    private static final Evidence PREPARED = new Evidence(WISH, List.of(), Inputs.of(DIGESTS), 200, null, null);

    private static VectorInUse vector(String namespace, String readiness) {
        return new VectorInUse(namespace, "nonsense", VECTOR, Wishes.read(readiness, ReadinessSpec.class));
    }

    private static List<Refusal> refusals(Evidence evidence, SafeFineTunePolicy... policies) {
        return Wishes.holding(policies).ruling(evidence).refusals();
    }

    @Test
    void aPolicyThatPinsNothingRefusesEveryRunAndSaysSo() {
        assertThat(refusals(Evidence.of(WISH), Wishes.policy("strict", "{}")))
                .extracting(Refusal::reason)
                .containsExactly(
                        Reason.VECTOR_NOT_ALLOWED, Reason.SUITE_NOT_ALLOWED, Reason.COOLDOWN_DATASET_NOT_ALLOWED);
        assertThat(refusals(Evidence.of(WISH), Wishes.policy("strict", "{}")))
                .extracting(Refusal::message)
                .contains(
                        "spec.safety.evaluation.prompts.uri is pvc://tickets/own.jsonl; policy strict wants a suite that a"
                                + " policy pins, and none pins one: the digest of a suite belongs in suites.pinned;"
                                + " suites.from Any lets any pass",
                        "spec.safety.cooldown.dataset.uri is pvc://tickets/trusted.jsonl; policy strict wants trusted"
                                + " samples that a policy pins, and none pins any: leave it out");
    }

    /** Each of them was accepted before: the pattern over a URI was all that a policy could say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "baseModels: [{name: qwen, digest: '%s'}] | MODEL_NOT_ALLOWED | spec.model.uri is pvc://models/base with digest %s; policy p pins in baseModels qwen (%s)",
                "suites: {pinned: [{name: refusals, prompts: '%s'}]} | SUITE_NOT_ALLOWED | spec.safety.evaluation.prompts.uri is pvc://tickets/own.jsonl with digest %s, and tasks with digest sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd; policy p wants refusals (%s)",
                "cooldown: {trustedSets: [{digest: '%s'}]} | COOLDOWN_DATASET_NOT_ALLOWED | spec.safety.cooldown.dataset.uri is pvc://tickets/trusted.jsonl with digest %s; policy p pins in cooldown.trustedSets %s",
            })
    void whatHasAnotherDigestThanThePolicyPinsIsRefused(String pin, Reason reason, String said) {
        String right = reason == Reason.MODEL_NOT_ALLOWED ? BASE : reason == Reason.SUITE_NOT_ALLOWED ? SUITE : TRUSTED;
        SafeFineTunePolicy wrong = Wishes.open("p", "{" + pin.formatted(OTHER) + "}");

        assertThat(refusals(Evidence.of(WISH), wrong)).as("before it is known").isEmpty();
        assertThat(refusals(PREPARED, wrong)).singleElement().satisfies(refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal.message()).isEqualTo(said.formatted(right, OTHER));
        });
        assertThat(refusals(PREPARED, Wishes.open("p", "{" + pin.formatted(right) + "}")))
                .isEmpty();
    }

    @Test
    void tasksThatAPolicyPinsCountAsWell() {
        String pins = "{suites: {pinned: [{name: s, prompts: '%s', utility: '%s'}]}}";

        assertThat(refusals(PREPARED, Wishes.open("p", pins.formatted(SUITE, TASKS))))
                .isEmpty();
        assertThat(refusals(PREPARED, Wishes.open("p", pins.formatted(SUITE, OTHER))))
                .extracting(Refusal::reason)
                .containsExactly(Reason.SUITE_NOT_ALLOWED);
    }

    /** The second of several vectors' suites, too: an easy one beside the platform's is none of the platform's. */
    @Test
    void eachSuiteOfARunIsAsked() {
        Map<String, Digest> digests = new HashMap<>(DIGESTS);
        digests.put(Inputs.numbered(Inputs.PROMPTS, 2), new Digest(OTHER));
        Evidence two = new Evidence(WISH, List.of(), Inputs.of(digests), null, null, null);

        assertThat(refusals(two, Wishes.open("p", "{suites: {pinned: [{name: s, prompts: '%s'}]}}".formatted(SUITE))))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.value()).contains(OTHER));
    }

    @ParameterizedTest
    @CsvSource({"200, true", "201, false"})
    void aSuiteMayBeTooSmall(int least, boolean enough) {
        assertThat(refusals(PREPARED, Wishes.open("p", "{suites: {from: Any, minPrompts: " + least + "}}"))
                        .isEmpty())
                .isEqualTo(enough);
    }

    /** A vector trained on nonsense whose own thresholds let it pass: it was Ready, and accepted. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{securityVectors: {pinned: [{name: good, digest: 'sha256:9999999999999999999999999999999999999999999999999999999999999999'}]}}",
                "{securityVectors: {namespaces: [platform]}}",
                "{securityVectors: {namespaces: [team-a]}}",
                "{securityVectors: {from: Any}}",
            })
    void aVectorThatNobodyVouchesForIsRefused(String spec) {
        Evidence nonsense = Evidence.of(WISH)
                .with(
                        List.of(
                                vector(
                                        "team-a",
                                        "{minExplained: '0', minFirstTokenCompliance: '0', maxGradientRatio: '1', maxBenignIncrease: '100'}")));

        assertThat(refusals(nonsense, Wishes.open("p", spec))).isNotEmpty().allSatisfy(refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.VECTOR_NOT_ALLOWED);
            assertThat(refusal.message()).contains("SecurityVector team-a/nonsense with digest " + VECTOR, "policy p");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{minExplained: '0.1'}            | spec.readiness.minExplained is 0.1",
                "{minFirstTokenCompliance: '0.1'} | spec.readiness.minFirstTokenCompliance is 0.1",
                "{maxGradientRatio: '0.99'}       | spec.readiness.maxGradientRatio is 0.99",
                "{maxBenignIncrease: '3'}         | spec.readiness.maxBenignIncrease is 3",
            })
    void eachThresholdOfAVectorIsHeldToThePolicys(String readiness, String said) {
        Evidence weak = Evidence.of(WISH).with(List.of(vector("platform", readiness)));

        assertThat(refusals(weak, Wishes.open("p", "{securityVectors: {namespaces: [platform]}}")))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.message()).contains(said));
        assertThat(refusals(weak, Wishes.open("p", "{securityVectors: {pinned: [{digest: '" + VECTOR + "'}]}}")))
                .as("who pins a digest has looked at the vector")
                .isEmpty();
    }

    @Test
    void whatOnePolicyLeavesOpenAnotherMayPin() {
        SafeFineTunePolicy strict = Wishes.policy("everywhere", "{}");
        String pins = """
                {enforcement: %s, securityVectors: {pinned: [{digest: '%s'}]}, suites: {pinned: [{name: s, prompts: '%s'}]},
                 cooldown: {trustedSets: [{digest: '%s'}]}}""";
        Evidence all = PREPARED.with(List.of(vector("team-a", "{}")));

        assertThat(refusals(all, strict, Wishes.policy("team", pins.formatted("Enforce", VECTOR, SUITE, TRUSTED))))
                .isEmpty();
        assertThat(refusals(all, strict, Wishes.policy("team", pins.formatted("Audit", VECTOR, SUITE, TRUSTED))))
                .as("a policy that is not enforced vouches for nothing")
                .hasSize(3);
    }

    @Test
    void twoPoliciesThatContradictEachOtherAreBothNamed() {
        String pins = "{suites: {pinned: [{name: %s, prompts: '%s'}]}}";

        assertThat(Wishes.holding(
                                Wishes.open("one", pins.formatted("x", SUITE)),
                                Wishes.open("two", pins.formatted("y", OTHER)))
                        .ruling(PREPARED)
                        .refusal()
                        .orElseThrow()
                        .message())
                .contains("policy two wants y (" + OTHER + ")")
                .doesNotContain("policy one");
        assertThat(Wishes.holding(
                                Wishes.open("one", pins.formatted("x", VECTOR)),
                                Wishes.open("two", pins.formatted("y", OTHER)))
                        .ruling(PREPARED)
                        .refusal()
                        .orElseThrow()
                        .right())
                .isEqualTo("policy one wants x (" + VECTOR + "); policy two wants y (" + OTHER + ")");
    }

    /** A result that leaves a digest out is no way around the policy. */
    @Test
    void whatNobodyStatesADigestOfIsNotPinned() {
        Evidence silent = new Evidence(WISH, List.of(), Inputs.of(Map.of()), null, null, null);
        String spec = "{baseModels: [{digest: '%s'}], securityVectors: {pinned: [{digest: '%s'}]},"
                + " suites: {pinned: [{name: s, prompts: '%s'}]}, cooldown: {trustedSets: [{digest: '%s'}]}}";

        assertThat(refusals(silent, Wishes.policy("p", spec.formatted(BASE, VECTOR, SUITE, TRUSTED))))
                .extracting(Refusal::reason)
                .containsExactly(
                        Reason.MODEL_NOT_ALLOWED,
                        Reason.VECTOR_NOT_ALLOWED,
                        Reason.SUITE_NOT_ALLOWED,
                        Reason.COOLDOWN_DATASET_NOT_ALLOWED);
    }
}
