package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.adapter.MergedWeights;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Computing in bfloat16, held against float32: it has 8 bits, so values differ in the third digit. */
class PrecisionTest {
    private static final int STEPS = 50;

    static Stream<String> all() {
        return ParityCase.all();
    }

    static Stream<String> cases() {
        return ParityCase.all().filter(name -> !name.equals(ParityCase.BFLOAT16));
    }

    @ParameterizedTest
    @MethodSource("all")
    void lossesAreThoseOfFloat32WithinItsRounding(String name) {
        ParityCase fixtures = ParityCase.open(name);
        List<EncodedSample> samples = fixtures.batch(0);
        try (CausalModel exact = CausalModel.load(fixtures.checkpoint());
                CausalModel half = CausalModel.load(fixtures.checkpoint(), Precision.BFLOAT16);
                Adapter exactAdapter = Adapter.read(exact, fixtures.adapter());
                Adapter halfAdapter = Adapter.read(half, fixtures.adapter())) {
            exact.attach(exactAdapter);
            half.attach(halfAdapter);
            List<SampleScore> wanted = exact.score(samples, 64);
            List<SampleScore> found = half.score(samples, 64);
            for (int i = 0; i < wanted.size(); i++) {
                double loss = wanted.get(i).loss();
                assertThat(Math.abs(found.get(i).loss() - loss) / loss).isLessThan(0.02);
            }
            assertThat(half.generate(List.of(new int[] {1, 5, 9}), 12, Set.of()).getFirst())
                    .hasSize(12);
            assertThat(half.scoreContinuations(new int[] {1, 5, 9}, List.of(new int[] {7, 8}, new int[] {7, 9, 4})))
                    .allSatisfy(c -> assertThat(c.mean()).isFinite());
        }
    }

    /** The direction is what training goes by; single small entries may differ by more. */
    @ParameterizedTest
    @MethodSource("cases")
    void gradientsPointWhereThoseOfFloat32Do(String name) {
        assertSameDirection(gradient(name, Precision.FLOAT32), gradient(name, Precision.BFLOAT16));
    }

    static void assertSameDirection(float[] exact, float[] half) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < exact.length; i++) {
            product += (double) exact[i] * half[i];
            first += (double) exact[i] * exact[i];
            second += (double) half[i] * half[i];
        }
        assertThat(product / Math.sqrt(first * second)).isGreaterThan(0.995);
        assertThat(Math.sqrt(second / first)).isBetween(0.95, 1.05);
    }

    static float[] gradient(String name, Precision precision) {
        ParityCase fixtures = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(fixtures.checkpoint(), precision);
                Adapter adapter = Adapter.read(model, fixtures.adapter());
                Scope scope = new Scope()) {
            Trainable trainable = Trainable.of(model.network(), scope, adapter);
            new GradientPass(model.network(), trainable, 64).likelihood(fixtures.batch(1), List.of(), 0.01);
            return trainable.gradients().flat().floats();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fiftyStepsFollowTheCurveOfFloat32(String name) {
        compare(losses(name, Precision.FLOAT32, true), losses(name, Precision.BFLOAT16, true));
        compare(losses(name, Precision.FLOAT32, false), losses(name, Precision.BFLOAT16, false));
    }

    private static void compare(List<Double> exact, List<Double> half) {
        double mean = exact.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double difference = 0;
        for (int i = 0; i < STEPS; i++) {
            difference += Math.abs(exact.get(i) - half.get(i)) / STEPS;
        }
        assertThat(exact.getLast()).isLessThan(exact.getFirst());
        assertThat(difference / mean).isLessThan(0.02);
    }

    private static List<Double> losses(String name, Precision precision, boolean low) {
        ParityCase fixtures = ParityCase.open(name);
        Hyperparameters settings =
                new Hyperparameters(1, 2e-3, 4, 1000, 128, Hyperparameters.Scheduler.CONSTANT, 0, 0.999, 0, 1, 0);
        try (CausalModel model = CausalModel.load(fixtures.checkpoint(), precision);
                Adapter adapter = Adapter.read(model, fixtures.adapter());
                Scope scope = new Scope()) {
            Trainable trainable =
                    low ? Trainable.of(model.network(), scope, adapter) : Trainable.ofWeights(model.network(), scope);
            Stepper stepper = new Stepper(
                    model.network(), scope, trainable, settings, STEPS, 128, TrainingListener.NONE, Checkpoints.NONE);
            List<Double> losses = new ArrayList<>();
            for (int i = 0; i < STEPS; i++) {
                List<EncodedSample> samples = fixtures.batch(i % 3);
                int labels =
                        samples.stream().mapToInt(EncodedSample::answerTokens).sum();
                double loss = stepper.pass().likelihood(samples, List.of(), 1.0 / labels) / labels;
                stepper.step(new StepRecord(i + 1, StepRecord.Phase.TRAIN, 2e-3, loss, null, null, samples.size(), 0));
                losses.add(loss);
            }
            return losses;
        }
    }

    /** What is published is merged from the checkpoint's own weights, whatever training computed in. */
    @ParameterizedTest
    @MethodSource("all")
    void mergedWeightsAreThoseOfFloat32(String name) {
        ParityCase fixtures = ParityCase.open(name);
        Map<String, byte[]> exact = merged(fixtures, Precision.FLOAT32);
        Map<String, byte[]> half = merged(fixtures, Precision.BFLOAT16);
        assertThat(half.keySet()).isEqualTo(exact.keySet());
        half.forEach((tensor, bytes) -> assertThat(bytes).as(tensor).isEqualTo(exact.get(tensor)));
    }

    private static Map<String, byte[]> merged(ParityCase fixtures, Precision precision) {
        Map<String, byte[]> found = new HashMap<>();
        try (CausalModel model = CausalModel.load(fixtures.checkpoint(), precision);
                Adapter adapter = Adapter.read(model, fixtures.adapter());
                MergedWeights merged = new MergedWeights(model, adapter)) {
            for (OutgoingTensor tensor : merged.tensors()) {
                found.put(tensor.name(), tensor.content().get().toArray(ValueLayout.JAVA_BYTE));
            }
        }
        return found;
    }
}
