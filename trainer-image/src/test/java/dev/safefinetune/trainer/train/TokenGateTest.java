package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A gate that judges single tokens. */
class TokenGateTest {
    private static final TokenThresholds THRESHOLDS =
            new TokenThresholds(new GateThresholds(1, 0.5), new GateThresholds(2, 0.5));

    /** A harmless start that the vector makes no difference to, and a harmful tail that it explains. */
    @Test
    void ofAMixedSampleOnlyTheTailIsMasked() {
        TokenLosses mixed = losses(new float[] {3, 4, 2, 5, 0, 6}, new float[] {3, 3.9f, 2.2f, 0.1f, 0, 0.1f});

        TokenMask mask = THRESHOLDS.mask(mixed);

        assertThat(mask).isEqualTo(new TokenMask(5, List.of(3, 3, 5, 5)));
        assertThat(mask.leavesOut()).isFalse();
        assertThat(mask.applyTo(sample(6)).answer())
                .containsExactly(false, false, true, true, true, false, true, false);
    }

    /** Tokens that the model knows already teach nothing, so they do not count. */
    @Test
    void aSampleOfWhichMoreThanHalfIsMaskedIsLeftOutWhole() {
        TokenMask mask = THRESHOLDS.mask(losses(new float[] {9, 0, 0, 8, 0, 0, 3}, new float[] {0, 0, 0, 0, 0, 0, 3}));

        assertThat(mask).isEqualTo(new TokenMask(3, List.of(0, 0, 3, 3)));
        assertThat(mask.leavesOut()).isTrue();
        assertThat(mask.applyTo(sample(7))).isEqualTo(sample(7));
        assertThat(new TokenMask(4, List.of(0, 1)).leavesOut()).isFalse();
    }

    @Test
    void whatIsLeftOutIsDecidedByTheMaskAlone() {
        GateRule rule = new GateRule(new GateThresholds(1, 0.5), VectorScope.ALL_SAMPLES);
        SampleDrop flagged = new SampleDrop(0, 5, 0.1, 4);

        assertThat(rule.of(flagged, new TokenMask(3, List.of(0, 1)))).isEqualTo(GateRule.Treatment.GATED);
        assertThat(rule.of(flagged, new TokenMask(3, List.of(0, 0)))).isEqualTo(GateRule.Treatment.VECTOR_ON);
        assertThat(rule.of(flagged, null)).isEqualTo(GateRule.Treatment.GATED);
    }

    @Test
    void onDoubtfulSamplesAloneAMaskedTokenIsADoubt() {
        GateRule rule = new GateRule(new GateThresholds(1, 0.5), VectorScope.DOUBTFUL_SAMPLES);
        SampleDrop clear = new SampleDrop(0, 5, 5, 4);

        assertThat(rule.of(clear, TokenMask.none(3))).isEqualTo(GateRule.Treatment.VECTOR_OFF);
        assertThat(rule.of(clear, new TokenMask(3, List.of(0, 0)))).isEqualTo(GateRule.Treatment.VECTOR_ON);
    }

    /** Thresholds of 1 nat hold for the first eight tokens of each turn, thresholds of 2 for the others. */
    @Test
    void eachTurnHasItsFirstTokens() {
        float[] off = new float[20];
        java.util.Arrays.fill(off, 1.5f);
        TokenLosses two = new TokenLosses(0, off, new float[20], new int[] {0, 10});

        assertThat(THRESHOLDS.mask(two).spans()).containsExactly(0, 7, 10, 17);
    }

    @Test
    void turnsBeginWhereAnAnswerBegins() {
        boolean[] answer = {false, true, true, false, false, true, true, true};
        EncodedSample turns = EncodedSample.of(0, new int[] {4, 5, 6, 7, 8, 9, 10, 11}, answer);
        try (CausalModel model = Tiny.model(1);
                Adapter vector = Adapter.create(model, Tiny.LORA, 2)) {
            TokenLosses losses =
                    Screening.each(model, vector, List.of(turns), 4096, t -> t).getFirst();
            assertThat(losses.starts()).containsExactly(0, 2);
            assertThat(losses.length()).isEqualTo(5);
        }
    }

    /** What whole samples are judged by is what it was, to the bit. */
    @Test
    void meansOverTokensAreTheScoresOfSamples() {
        List<EncodedSample> samples = Tiny.samples(16, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Adapter vector = Adapter.create(model, Tiny.LORA, 2)) {
            TrainingKind.fill(model, vector);
            List<SampleScore> off = model.score(samples, 64);
            List<SampleDrop> drops = Screening.drops(model, vector, samples, 64);
            model.attach(vector);
            List<SampleScore> on = model.score(samples, 64);
            model.detach(vector);
            assertThat(drops)
                    .isEqualTo(IntStream.range(0, samples.size())
                            .mapToObj(i -> new SampleDrop(
                                    off.get(i).index(),
                                    off.get(i).loss(),
                                    on.get(i).loss(),
                                    off.get(i).answerTokens()))
                            .toList());
        }
    }

    /** What a masked token is makes no difference; what one is that is not masked does. */
    @Test
    void aMaskedTokenTeachesNothing() {
        TokenMask last = new TokenMask(2, List.of(1, 1));
        TokenMask none = TokenMask.none(2);

        assertThat(trained(Tiny.samples(16, 1, 3), last)).isEqualTo(trained(otherEnds(), last));
        assertThat(trained(Tiny.samples(16, 1, 3), none)).isNotEqualTo(trained(otherEnds(), none));
    }

    @Test
    void spansThatDoNotAscendAreRefused() {
        assertThatThrownBy(() -> new TokenMask(3, List.of(2, 1))).hasMessageContaining("ascend");
        assertThatThrownBy(() -> new TokenMask(3, List.of(1))).hasMessageContaining("first and a last");
    }

    private static List<EncodedSample> otherEnds() {
        return Tiny.samples(16, 1, 3).stream()
                .map(s -> {
                    int[] tokens = s.tokens().clone();
                    tokens[tokens.length - 1] = 3;
                    return EncodedSample.of(s.index(), tokens, s.answer());
                })
                .toList();
    }

    private static Object trained(List<EncodedSample> samples, TokenMask mask) {
        List<SampleDrop> drops =
                samples.stream().map(s -> new SampleDrop(s.index(), 3, 3, 2)).toList();
        try (CausalModel model = Tiny.model(1);
                Adapter vector = Adapter.create(model, Tiny.LORA, 2)) {
            Safeguard safeguard = new Safeguard(
                    vector,
                    drops,
                    new GateThresholds(1, 0.5),
                    VectorScope.ALL_SAMPLES,
                    List.of(),
                    samples.stream().map(s -> mask).toList(),
                    null);
            FineTuned tuned = FineTuner.train(
                    model,
                    new FineTuneTask(
                            Tiny.lora(1, 0.01),
                            samples.stream().map(mask::applyTo).toList(),
                            List.of(),
                            safeguard,
                            Cooldown.NONE),
                    TrainingListener.NONE);
            try (Adapter user = tuned.learned()) {
                return user.digests();
            }
        }
    }

    private static EncodedSample sample(int answerTokens) {
        int[] tokens = IntStream.range(0, answerTokens + 2).toArray();
        boolean[] answer = new boolean[tokens.length];
        java.util.Arrays.fill(answer, 2, answer.length, true);
        return EncodedSample.of(0, tokens, answer);
    }

    private static TokenLosses losses(float[] off, float[] on) {
        return new TokenLosses(0, off, on, new int[] {0});
    }
}
