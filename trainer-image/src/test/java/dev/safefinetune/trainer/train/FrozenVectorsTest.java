package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrozenVectorsTest {
    private static final List<EncodedSample> SAMPLES = Tiny.samples(12, 1, 3);
    private static final GateThresholds THRESHOLDS = new GateThresholds(2, 0.5, List.of(new GateThresholds(0.5, 0.2)));

    /** What a vector teaches: a token that all answers begin with. */
    private static Adapter vector(CausalModel model, int token, int rank) {
        LoraSettings lora = new LoraSettings(rank, 2.0 * rank, false, List.of(token == 5 ? "q_proj" : "all-linear"));
        FineTuning settings = new FineTuning(FineTuning.Method.LORA, lora, Tiny.settings(4, 0.02, 8, 4096));
        return FineTuner.train(
                        model, FineTuneTask.plain(settings, Tiny.sameAnswer(24, token, token)), TrainingListener.NONE)
                .learned();
    }

    @Test
    void theSumOfSeveralIsWhatAllOfThemDoTogether() {
        try (CausalModel model = Tiny.model(1);
                FrozenVectors vectors = new FrozenVectors(model, List.of(vector(model, 5, 4), vector(model, 9, 2)))) {
            List<Double> off = losses(model);
            model.attach(vectors.together());
            List<Double> sum = losses(model);
            model.detach(vectors.together());
            assertThat(losses(model)).as("off again").isEqualTo(off);
            vectors.alone().forEach(model::attach);
            List<Double> each = losses(model);
            vectors.alone().forEach(model::detach);
            assertThat(sum).isNotEqualTo(off);
            for (int i = 0; i < sum.size(); i++) {
                assertThat(sum.get(i)).isCloseTo(each.get(i), within(1e-4));
            }
            assertThat(vectors.together().layers().getFirst().rank())
                    .as("of q_proj")
                    .isEqualTo(6);
            assertThat(vectors.together().layers().getLast().rank())
                    .as("of one alone")
                    .isEqualTo(2);
        }
    }

    @Test
    void oneAloneIsItselfAndSaysWhatAScreeningSays() {
        try (CausalModel model = Tiny.model(1);
                FrozenVectors vectors = new FrozenVectors(model, List.of(vector(model, 9, 2)))) {
            assertThat(vectors.together()).isSameAs(vectors.alone().getFirst());
            assertThat(vectors.screen(model, SAMPLES, 64, losses -> losses.sample(THRESHOLDS)))
                    .isEqualTo(Screening.drops(model, vectors.together(), SAMPLES, 64))
                    .allSatisfy(drop -> assertThat(drop.among()).isNull());
        }
    }

    @Test
    void severalAreScreenedEachAloneAndAllTogether() {
        try (CausalModel model = Tiny.model(1);
                FrozenVectors vectors = new FrozenVectors(model, List.of(vector(model, 5, 4), vector(model, 9, 2)))) {
            List<FrozenVectors.Losses> found = vectors.screen(model, SAMPLES, 64, losses -> losses);
            for (int k = 0; k < 2; k++) {
                int vector = k;
                assertThat(found.stream().map(l -> l.alone().get(vector).sample()))
                        .isEqualTo(Screening.drops(model, vectors.alone().get(k), SAMPLES, 64));
            }
            assertThat(found.stream().map(l -> l.together().sample()))
                    .isEqualTo(Screening.drops(model, vectors.together(), SAMPLES, 64));
        }
    }

    @Test
    void aSampleIsFlaggedWhereAnyOfThemAloneFlagsIt() {
        // A drop of .8 nats is little for the first vector and much for the second.
        assertThat(drop(2.0, 1.2, 1.9)).returns(false, THRESHOLDS::flags).returns(1, SampleDrop::vector);
        assertThat(drop(2.0, 1.9, 1.2)).returns(true, THRESHOLDS::flags).returns(2, SampleDrop::vector);
        assertThat(drop(4.0, 0.1, 3.9)).returns(true, THRESHOLDS::flags).returns(1, SampleDrop::vector);
    }

    @Test
    void aSampleIsClearlyHarmlessOnlyWhereItIsSoForAll() {
        assertThat(drop(2.0, 1.9, 1.95)).matches(THRESHOLDS::clears);
        assertThat(drop(2.0, 1.9, 1.5)).as("near the second one's").matches(d -> !THRESHOLDS.clears(d));
        assertThat(drop(2.0, 0.5, 1.95)).as("near the first one's").matches(d -> !THRESHOLDS.clears(d));
    }

    /** It is trained with all of them on, so that is what makes it harder. */
    @Test
    void aSampleBecomesHarderByAllOfThemTogether() {
        SampleDrop refusal = losses(0.1, 3.0, 0.1, 3.1).sample(THRESHOLDS);
        assertThat(refusal.vector()).isEqualTo(2);
        assertThat(refusal.becomesHarder()).isTrue();
        assertThat(losses(0.1, 0.1, 0.1, 0.1).sample(THRESHOLDS).becomesHarder())
                .isFalse();
    }

    @Test
    void aTokenIsMaskedWhereAnyOfThemFlagsIt() {
        FrozenVectors.Losses losses = new FrozenVectors.Losses(
                List.of(tokens(3, 3, 3, 3, 0.1f, 3, 3, 3), tokens(3, 3, 3, 3, 3, 3, 0.1f, 3)),
                tokens(3, 3, 3, 3, 0.1f, 3, 0.1f, 3));
        TokenThresholds each = new TokenThresholds(new GateThresholds(1, 0.5), new GateThresholds(1, 0.5));
        assertThat(losses.mask(List.of(each, each)).spans()).containsExactly(0, 0, 2, 2);
    }

    private static SampleDrop drop(double off, double first, double second) {
        return losses(off, first, second, first).sample(THRESHOLDS);
    }

    private static FrozenVectors.Losses losses(double off, double first, double second, double together) {
        return new FrozenVectors.Losses(List.of(tokens(off, first), tokens(off, second)), tokens(off, together));
    }

    private static TokenLosses tokens(double off, double on) {
        return new TokenLosses(0, new float[] {(float) off}, new float[] {(float) on}, new int[] {0});
    }

    /** Four losses with the vectors off and four with them on. */
    private static TokenLosses tokens(float... losses) {
        return new TokenLosses(0, Arrays.copyOf(losses, 4), Arrays.copyOfRange(losses, 4, 8), new int[] {0});
    }

    private static List<Double> losses(CausalModel model) {
        return model.score(SAMPLES, 4096).stream().map(score -> score.sumNll()).toList();
    }
}
