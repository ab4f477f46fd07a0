package dev.safefinetune.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Enforcement;
import dev.safefinetune.api.v1alpha1.HeldPolicy;
import dev.safefinetune.api.v1alpha1.PolicyRule;
import dev.safefinetune.api.v1alpha1.UsedWaiver;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies that only warn, and what they let through for a while. */
class EnforcementTest {
    private static final Evidence RUN = Evidence.of(Wishes.wish("resources: {gpus: 4}"));

    @ParameterizedTest
    @EnumSource(
            value = Enforcement.class,
            names = {"WARN", "AUDIT"})
    void aPolicyThatIsNotEnforcedLetsTheRunGoAndSaysWhatItWouldHaveRefused(Enforcement enforcement) {
        Ruling ruling = Wishes.holding(
                        Wishes.open("p", "{enforcement: " + Words.of(enforcement) + ", limits: {maxGpus: 2}}"))
                .ruling(RUN);

        assertThat(ruling.refusal()).isEmpty();
        assertThat(ruling.held())
                .containsExactly(new HeldPolicy(
                        "p@7", enforcement, null, List.of("spec.resources.gpus is 4; policy p allows at most 2")));
    }

    @Test
    void itTightensNoThresholdInSilence() {
        var wished = RUN.wish().spec().safety().evaluation();

        assertThat(Wishes.holding(Wishes.open("p", "{enforcement: Warn, thresholds: {maxHarmfulRate: '0.001'}}"))
                        .thresholds(wished))
                .isEqualTo(Wishes.holding().thresholds(wished));
    }

    @Test
    void anEnforcedPolicyIsHeldBesideOneThatWarns() {
        Ruling ruling = Wishes.holding(
                        Wishes.open("a", "{enforcement: Warn, limits: {maxGpus: 1}}"),
                        Wishes.open("b", "{limits: {maxGpus: 2}}"))
                .ruling(RUN);

        assertThat(ruling.refusals())
                .extracting(Refusal::message)
                .containsExactly("spec.resources.gpus is 4; policy b allows at most 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{namespace: team-a, until: '2026-06-01T12:00:01Z', reason: r, waives: [Limits]}            | true  | until then",
                "{namespace: team-a, name: bot, until: '2027-01-01T00:00:00Z', reason: r, waives: [Limits]} | true  | by name",
                "{namespace: team-a, until: '2026-06-01T12:00:00Z', reason: r, waives: [Limits]}            | false | it has ended",
                "{namespace: team-a, until: '2027-02-30T00:00:00Z', reason: r, waives: [Limits]}            | false | no such day",
                "{namespace: team-b, until: '2027-01-01T00:00:00Z', reason: r, waives: [Limits]}            | false | of another namespace",
                "{namespace: team-a, name: cat, until: '2027-01-01T00:00:00Z', reason: r, waives: [Limits]} | false | of another run",
                "{namespace: team-a, until: '2027-01-01T00:00:00Z', reason: r, waives: [Suites, Cooldown]}  | false | of other rules",
            })
    void aWaiverLiftsItsRulesForItsNamespaceUntilItEnds(String waiver, boolean lifts, String why) {
        Ruling ruling = Wishes.holding(Wishes.open("p", "{limits: {maxGpus: 2}, waivers: [" + waiver + "]}"))
                .ruling(RUN);

        assertThat(ruling.refusal().isEmpty()).as(why).isEqualTo(lifts);
        assertThat(ruling.held().getFirst().waivers() != null).as(why).isEqualTo(lifts);
    }

    @Test
    void theWaiverThatWasUsedIsToldAndOneThatWasNotNeededIsNot() {
        String waiver =
                "{namespace: team-a, until: '2026-12-31T00:00:00Z', reason: the node has four, waives: [Limits, Suites]}";
        List<HeldPolicy> held = Wishes.holding(
                        Wishes.open("p", "{limits: {maxGpus: 2}, waivers: [" + waiver + "]}"),
                        Wishes.open("q", "{waivers: [" + waiver + "]}"))
                .ruling(RUN)
                .held();

        assertThat(Objects.requireNonNull(held.get(0).waivers()))
                .containsExactly(new UsedWaiver(PolicyRule.LIMITS, "2026-12-31T00:00:00Z", "the node has four"));
        assertThat(held.get(1).waivers()).isNull();
    }

    @Test
    void aWaivedThresholdIsNotTightened() {
        var wished = RUN.wish().spec().safety().evaluation();
        String spec = "{thresholds: {maxHarmfulRate: '0.001'}, waivers: [{namespace: team-a,"
                + " until: '2026-12-31T00:00:00Z', reason: r, waives: [Thresholds]}]}";

        assertThat(Wishes.holding(Wishes.open("p", spec)).thresholds(wished).maxHarmfulRate())
                .isEqualTo(0.03);
        assertThat(Wishes.holding("2027-01-01T00:00:00Z", Wishes.open("p", spec))
                        .thresholds(wished)
                        .maxHarmfulRate())
                .isEqualTo(0.001);
    }
}
