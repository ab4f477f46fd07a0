package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of an anchor, and what it does to a training. */
class AnchorTest {
    private static final int LIMIT = 4096;
    private static final double WEIGHT = 0.3;

    static Stream<String> cases() {
        return ParityCase.all().filter(name -> !name.equals(ParityCase.BFLOAT16));
    }

    private static List<EncodedSample> requests(ParityCase expected) {
        return Anchor.requests(expected.batch(0), expected.batch(1));
    }

    /**
     * The slope along the gradient itself is its squared norm. The step is small against the curvature and large against
     * float32's rounding.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void theGradientOfAnAdapterIsThatOfFiniteDifferences(String name) {
        ParityCase fixtures = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(fixtures.checkpoint());
                Adapter adapter = Adapter.read(model, fixtures.adapter());
                Scope scope = new Scope()) {
            List<EncodedSample> requests = requests(fixtures);
            AnchorStates base = AnchorStates.of(model, null, requests, LIMIT);
            assertSlope(model, Trainable.of(model.network(), scope, adapter), requests, base);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGradientOfAllWeightsIsThatOfFiniteDifferences(String name) {
        ParityCase fixtures = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(fixtures.checkpoint());
                Scope scope = new Scope()) {
            List<EncodedSample> requests = requests(fixtures);
            AnchorStates base = AnchorStates.of(model, null, requests, LIMIT);
            Trainable trainable = Trainable.ofWeights(model.network(), scope);
            move(model, trainable, noise(trainable), 0.02);
            assertSlope(model, trainable, requests, base);
        }
    }

    private static void assertSlope(
            CausalModel model, Trainable trainable, List<EncodedSample> requests, AnchorStates base) {
        GradientPass pass = new GradientPass(model.network(), trainable, LIMIT);
        double at = WEIGHT * pass.deviation(requests, base.states(), WEIGHT);
        float[] gradient = trainable.gradients().flat().floats();
        double norm = norm(gradient);
        assertThat(at).isPositive();
        assertThat(norm).isPositive();
        double step = 0.01 * at / norm;
        move(model, trainable, gradient, step / norm);
        double after = WEIGHT * pass.deviation(requests, base.states(), 0);
        move(model, trainable, gradient, -2 * step / norm);
        double before = WEIGHT * pass.deviation(requests, base.states(), 0);
        assertThat((after - before) / (2 * step)).isCloseTo(norm, org.assertj.core.data.Percentage.withPercentage(1));
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static float[] noise(Trainable trainable) {
        Random random = new Random(3);
        float[] noise = new float[trainable.values().flat().floats().length];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }

    private static void move(CausalModel model, Trainable trainable, float[] by, double scale) {
        Tensor values = trainable.values().flat();
        float[] moved = values.floats();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (scale * by[i]);
        }
        try (Scope scope = new Scope()) {
            model.network().kernels().copy(List.of(values), List.of(scope.of(moved, values.shape())));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGradientInBfloat16PointsWhereThatOfFloat32Does(String name) {
        PrecisionTest.assertSameDirection(
                gradient(name, Precision.FLOAT32, 1, LIMIT, Long.MAX_VALUE),
                gradient(name, Precision.BFLOAT16, 1, LIMIT, Long.MAX_VALUE));
    }

    /** Also where layers are run again instead of being kept. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void microBatchesAndReplicasChangeTheOrderOfSumsAlone(int replicas) {
        float[] whole = gradient("qwen2", Precision.FLOAT32, 1, LIMIT, Long.MAX_VALUE);
        assertThat(ParityCase.relativeError(gradient("qwen2", Precision.FLOAT32, replicas, 1, 0), whole))
                .isLessThan(1e-5);
    }

    private static float[] gradient(String name, Precision precision, int replicas, int microBatch, long kept) {
        ParityCase fixtures = ParityCase.open(name);
        List<EncodedSample> requests = requests(fixtures);
        try (CausalModel exact = CausalModel.load(fixtures.checkpoint());
                CausalModel model = CausalModel.load(
                        fixtures.checkpoint(), new Placement(precision, Collections.nCopies(replicas, Device.CPU)));
                Adapter adapter = Adapter.read(model, fixtures.adapter());
                Scope scope = new Scope()) {
            AnchorStates base = AnchorStates.of(exact, null, requests, LIMIT);
            Trainable trainable = Trainable.of(model.network(), scope, adapter);
            try (GradientPass pass =
                    new GradientPass(model.network(), trainable, new MemoryBudget(microBatch, kept), () -> false)) {
                pass.deviation(requests, base.states(), WEIGHT);
            }
            return trainable.gradients().flat().floats();
        }
    }

    @Test
    void aFreshAdapterHasNoDeviationAndNoGradient() {
        List<EncodedSample> requests = Anchor.requests(Tiny.samples(9, 1, 3), List.of());
        try (CausalModel model = Tiny.model(1);
                Adapter adapter = Adapter.create(model, Tiny.LORA, 2);
                Scope scope = new Scope()) {
            AnchorStates base = AnchorStates.of(model, null, requests, LIMIT);
            Trainable trainable = Trainable.of(model.network(), scope, adapter);
            GradientPass pass = new GradientPass(model.network(), trainable, LIMIT);
            assertThat(pass.deviation(requests, base.states(), WEIGHT)).isZero();
            assertThat(norm(trainable.gradients().flat().floats())).isZero();
        }
    }

    @Test
    void aHeavierAnchorHoldsTheModelNearer() {
        double loose = deviation(Tiny.lora(6, 0.02), 1e-9);
        double held = deviation(Tiny.lora(6, 0.02), 10);
        assertThat(loose).isGreaterThan(0.05);
        assertThat(held).isLessThan(0.3 * loose);
        assertThat(deviation(Tiny.full(6, 0.01), 10)).isLessThan(0.3 * deviation(Tiny.full(6, 0.01), 1e-9));
    }

    private static double deviation(FineTuning settings, double weight) {
        List<EncodedSample> samples = Tiny.samples(24, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Adapter vector = Adapter.create(model, Tiny.LORA, 7)) {
            FineTuneTask task = new FineTuneTask(
                    settings,
                    samples,
                    List.of(),
                    Safeguard.always(vector).with(anchor(model, weight)),
                    Tiny.cooldown(samples, 3));
            FineTuned tuned = FineTuner.train(model, task, TrainingListener.NONE);
            Adapter adapter = tuned.adapter();
            if (adapter != null) {
                adapter.close();
            }
            return Objects.requireNonNull(tuned.record().anchor()).deviation();
        }
    }

    private static Anchor anchor(CausalModel model, double weight) {
        List<EncodedSample> requests = Anchor.requests(Tiny.samples(15, 1, 8), Tiny.samples(5, 2, 9));
        return new Anchor(requests, AnchorStates.of(model, null, requests, LIMIT), weight);
    }

    @Test
    void requestsEndWhereTheLastAnswerBegins() {
        boolean[] answer = {false, true, true, false, false, true, true, false};
        EncodedSample sample = EncodedSample.of(4, new int[] {1, 2, 3, 4, 5, 6, 7, 8}, answer);
        EncodedSample request = Anchor.requests(List.of(sample), List.of()).getFirst();
        assertThat(request)
                .isEqualTo(EncodedSample.of(
                        4, new int[] {1, 2, 3, 4, 5, 6}, new boolean[] {false, false, false, false, false, true}));
    }

    @Test
    void halfOfTheRequestsAreRefusedOnesWhereThereAreSoMany() {
        List<EncodedSample> many = Tiny.samples(100, 1, 3);
        assertThat(Anchor.requests(many, many)).hasSize(64);
        assertThat(Anchor.requests(many, Tiny.samples(5, 1, 3))).hasSize(64);
        assertThat(Anchor.requests(Tiny.samples(5, 1, 3), many)).hasSize(64);
        assertThat(Anchor.requests(Tiny.samples(5, 1, 3), Tiny.samples(7, 1, 3)))
                .hasSize(12);
        assertThat(Anchor.requests(many, many).stream()
                        .map(EncodedSample::index)
                        .distinct())
                .hasSize(32)
                .contains(0, 96);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aWeightThatIsNoneIsRefused(double weight) {
        try (CausalModel model = Tiny.model(1)) {
            assertThatThrownBy(() -> anchor(model, weight))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("weight")
                    .hasMessageContaining(Double.toString(weight));
        }
    }

    @Test
    void requestsThatAreAllTheSameAreRefused() {
        EncodedSample sample = Tiny.samples(1, 1, 3).getFirst();
        List<EncodedSample> requests = Anchor.requests(List.of(sample, sample), List.of());
        try (CausalModel model = Tiny.model(1)) {
            AnchorStates base = AnchorStates.of(model, null, requests, LIMIT);
            assertThatThrownBy(() -> new Anchor(requests, base, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("differ");
        }
    }
}
