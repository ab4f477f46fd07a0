package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.adapter.MergedWeights;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.OutgoingTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine against what transformers, PEFT and torch computed (see the resources' README). */
class ParityTest {
    /** Logits are of order 1 and float32 has 24 bits: a few roundings in another order. */
    private static final double LOGITS = 1e-5;

    private static final double GRADIENTS = 1e-5;
    /** Three AdamW steps divide by the square root of tiny second moments, which blows roundings up. */
    private static final double WEIGHTS = 2e-4;

    /** Of single weights whose moments are nearly 0: a few hundredths of what the learning rate moves a weight by. */
    private static final double SINGLE_WEIGHTS = 5e-3;

    private static final double LOSSES = 1e-5;

    static Stream<String> all() {
        return ParityCase.all();
    }

    /** The cases with gradients. */
    static Stream<String> cases() {
        return ParityCase.all().filter(name -> !name.equals(ParityCase.BFLOAT16));
    }

    static Stream<Arguments> casesAndMicroBatches() {
        return cases().flatMap(name -> Stream.of(64, 12).map(tokens -> Arguments.of(name, tokens)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void logitsAndLossesOfBaseAndAdapter(String name) {
        assertThat(Parity.losses(ParityCase.open(name))).isLessThan(LOSSES);
        assertThat(Parity.logits(ParityCase.open(name))).isLessThan(LOGITS);
    }

    @ParameterizedTest
    @MethodSource("casesAndMicroBatches")
    void everyGradientOfTheAdapter(String name, int microBatchTokens) {
        assertThat(Parity.likelihood(ParityCase.open(name), microBatchTokens)).isLessThan(GRADIENTS);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyGradientOfTheDivergence(String name) {
        assertThat(Parity.divergence(ParityCase.open(name))).isLessThan(GRADIENTS);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void adapterAfterThreeSteps(String name) {
        assertThat(Parity.adapterSteps(ParityCase.open(name))).isLessThan(WEIGHTS);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void allWeightsAfterThreeSteps(String name) {
        Parity.WeightError error = Parity.weightSteps(ParityCase.open(name));
        assertThat(error.ofMost()).isLessThan(WEIGHTS);
        assertThat(error.largest()).isLessThan(SINGLE_WEIGHTS);
    }

    @ParameterizedTest
    @MethodSource("all")
    void mergedWeights(String name) {
        ParityCase expected = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Adapter adapter = Adapter.read(model, expected.adapter());
                MergedWeights merged = new MergedWeights(model, adapter)) {
            List<String> compared = expected.under("merged/");
            int found = 0;
            for (OutgoingTensor tensor : merged.tensors()) {
                if (compared.contains(tensor.name())) {
                    found++;
                    compareBytes(tensor, expected);
                }
            }
            assertThat(found)
                    .isEqualTo(compared.size())
                    .isGreaterThanOrEqualTo(adapter.layers().size());
        }
    }

    private static void compareBytes(OutgoingTensor tensor, ParityCase expected) {
        MemorySegment content = tensor.content().get();
        var wanted = expected.stored("merged/" + tensor.name());
        assertThat(tensor.dtype().name()).isEqualTo(wanted.dtype());
        assertThat(content.byteSize()).isEqualTo(wanted.bytes().remaining());
        if (tensor.dtype() == DType.BF16) {
            assertThat(content.mismatch(MemorySegment.ofBuffer(wanted.bytes()))).isEqualTo(-1);
        } else {
            float[] found = content.toArray(ValueLayout.JAVA_FLOAT);
            assertThat(ParityCase.relativeError(found, expected.floats("merged/" + tensor.name())))
                    .isLessThan(1e-6);
        }
    }
}
