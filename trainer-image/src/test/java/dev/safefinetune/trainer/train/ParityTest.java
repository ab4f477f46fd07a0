package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.adapter.AdapterLayer;
import dev.safefinetune.trainer.adapter.MergedWeights;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.LowRank;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine against what transformers, PEFT and torch computed (see the resources' README). */
class ParityTest {
    /** Logits are of order 1 and float32 has 24 bits: a few roundings in another order. */
    private static final double LOGITS = 1e-5;

    private static final double GRADIENTS = 1e-5;
    /** Three AdamW steps divide by the square root of tiny second moments, which blows roundings up. */
    private static final double WEIGHTS = 2e-4;

    private static final double LOSSES = 1e-5;

    @ParameterizedTest
    @ValueSource(strings = {"gqa", "tied-bias", "llama3-rope", "gqa-bf16"})
    void logitsAndLossesOfBaseAndAdapter(String name) {
        ParityCase expected = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Adapter adapter = Adapter.read(model, expected.adapter())) {
            compareForward(model, expected, "base", List.of());
            model.attach(adapter);
            compareForward(model, expected, "lora", List.of(adapter));
        }
    }

    private static void compareForward(CausalModel model, ParityCase expected, String arm, List<LowRank> adapters) {
        for (int batch = 0; batch < 3; batch++) {
            List<SampleScore> scores = model.score(expected.batch(batch), 64);
            JsonNode losses = expected.values().path(arm).path(batch).path("sampleLoss");
            for (int i = 0; i < scores.size(); i++) {
                assertThat(scores.get(i).loss()).isCloseTo(losses.path(i).doubleValue(), within(LOSSES));
            }
        }
        assertThat(logitError(model, expected, arm, adapters)).isLessThan(LOGITS);
    }

    /** Largest difference of a logit over all real positions of the first batch. */
    private static double logitError(CausalModel model, ParityCase expected, String arm, List<LowRank> adapters) {
        float[] wanted = expected.floats("logits/" + arm);
        List<Long> shape = expected.stored("logits/" + arm).shape();
        int width = Math.toIntExact(shape.get(1));
        int vocabulary = Math.toIntExact(shape.get(2));
        double worst = 0;
        for (EncodedSample sample : expected.batch(0)) {
            boolean[] all = new boolean[sample.length() + 1];
            java.util.Arrays.fill(all, 1, all.length, true);
            int[] tokens = java.util.Arrays.copyOf(sample.tokens(), all.length);
            float[] found = logits(model, adapters, EncodedSample.of(sample.index(), tokens, all));
            int start = sample.index() * width * vocabulary;
            for (int i = 0; i < found.length; i++) {
                worst = Math.max(worst, Math.abs((double) found[i] - wanted[start + i]));
            }
        }
        return worst;
    }

    private static float[] logits(CausalModel model, List<LowRank> adapters, EncodedSample sample) {
        try (Scope scope = new Scope()) {
            var stack = model.network().stack(scope, adapters);
            var batch = model.network().batch(scope, List.of(sample));
            return model.network()
                    .script()
                    .call(scope, "logits", model.network().weights(), stack.a(), stack.b(), batch.tensors(), 1L, (long)
                            batch.longest())
                    .getFirst()
                    .floats();
        }
    }

    @ParameterizedTest
    @CsvSource({"gqa,64", "gqa,12", "tied-bias,64", "tied-bias,12", "llama3-rope,64", "llama3-rope,12"})
    void everyGradientOfTheAdapter(String name, int microBatchTokens) {
        ParityCase expected = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Adapter adapter = Adapter.read(model, expected.adapter());
                Scope scope = new Scope()) {
            Trainable trainable = Trainable.of(model.network(), scope, adapter);
            GradientPass pass = new GradientPass(model.network(), trainable, microBatchTokens);
            List<EncodedSample> samples = expected.batch(0);
            int labels = samples.stream().mapToInt(EncodedSample::answerTokens).sum();
            double loss = pass.likelihood(samples, List.of(), 1.0 / labels) / labels;
            assertThat(loss)
                    .isCloseTo(
                            expected.values()
                                    .path("lora")
                                    .path(0)
                                    .path("batchLoss")
                                    .doubleValue(),
                            within(LOSSES));
            compareGradients(expected, "gradient/", adapter, trainable);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gqa", "tied-bias", "llama3-rope"})
    void everyGradientOfTheDivergence(String name) {
        ParityCase expected = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Adapter adapter = Adapter.read(model, expected.adapter());
                Scope scope = new Scope()) {
            Trainable trainable = Trainable.of(model.network(), scope, adapter);
            GradientPass pass = new GradientPass(model.network(), trainable, 1000);
            List<EncodedSample> samples = expected.batch(1);
            int labels = samples.stream().mapToInt(EncodedSample::answerTokens).sum();
            double weight = expected.values().path("klWeight").doubleValue();
            double kl = pass.divergence(samples, weight / labels) / labels;
            assertThat(kl).isCloseTo(expected.values().path("kl").doubleValue(), within(LOSSES));
            compareGradients(expected, "kl-gradient/", adapter, trainable);
        }
    }

    private static void compareGradients(ParityCase expected, String prefix, Adapter adapter, Trainable trainable) {
        assertThat(expected.under(prefix)).hasSize(2 * adapter.layers().size());
        for (int i = 0; i < adapter.layers().size(); i++) {
            String key = prefix + "base_model.model." + adapter.layers().get(i).module();
            Tensor a = trainable.gradients().views().get(2 * i);
            Tensor b = trainable.gradients().views().get(2 * i + 1);
            assertThat(ParityCase.relativeError(a.floats(), expected.floats(key + ".lora_A.weight")))
                    .as(key + " A")
                    .isLessThan(GRADIENTS);
            assertThat(ParityCase.relativeError(b.floats(), expected.floats(key + ".lora_B.weight")))
                    .as(key + " B")
                    .isLessThan(GRADIENTS);
        }
    }

    @ParameterizedTest
    @CsvSource({"gqa,lora98", "gqa,lora999", "tied-bias,lora98", "llama3-rope,lora999"})
    void adapterAfterThreeSteps(String name, String arm) {
        ParityCase expected = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Adapter adapter = Adapter.read(model, expected.adapter())) {
            Scope scope = new Scope();
            Trainable trainable = Trainable.of(model.network(), scope, adapter);
            threeSteps(model, expected, arm, scope, trainable, arm.equals("lora98") ? 0.98 : 0.999);
            for (AdapterLayer layer : adapter.layers()) {
                LowRank.Factors factors = adapter.factors(layer.module()).orElseThrow();
                String key = arm + "/base_model.model." + layer.module();
                assertThat(ParityCase.relativeError(factors.a().floats(), expected.floats(key + ".lora_A.weight")))
                        .isLessThan(WEIGHTS);
                assertThat(ParityCase.relativeError(factors.b().floats(), expected.floats(key + ".lora_B.weight")))
                        .isLessThan(WEIGHTS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gqa", "tied-bias", "llama3-rope"})
    void allWeightsAfterThreeSteps(String name) {
        ParityCase expected = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(expected.checkpoint())) {
            Scope scope = new Scope();
            Trainable trainable = Trainable.ofWeights(model.network(), scope);
            threeSteps(model, expected, "full", scope, trainable, 0.999);
            List<String> names = model.network().order().names();
            assertThat(expected.under("full/")).containsAll(names);
            for (int i = 0; i < names.size(); i++) {
                float[] found = model.network().weights().get(i).floats();
                assertThat(ParityCase.relativeError(found, expected.floats("full/" + names.get(i))))
                        .as(names.get(i))
                        .isLessThan(WEIGHTS);
            }
        }
    }

    private static void threeSteps(
            CausalModel model, ParityCase expected, String arm, Scope scope, Trainable trainable, double beta2) {
        JsonNode optimizer = expected.values().path("optimizer");
        double rate = optimizer.path("learningRate").doubleValue();
        Hyperparameters settings = new Hyperparameters(
                1,
                rate,
                4,
                1000,
                128,
                Hyperparameters.Scheduler.CONSTANT,
                0,
                beta2,
                optimizer.path("weightDecay").doubleValue(),
                optimizer.path("maxGradientNorm").doubleValue(),
                0);
        try (scope) {
            Stepper stepper = new Stepper(
                    model.network(), scope, trainable, settings, 3, TrainingListener.NONE, Checkpoints.NONE);
            for (int i = 0; i < 3; i++) {
                List<EncodedSample> samples = expected.batch(i);
                int labels =
                        samples.stream().mapToInt(EncodedSample::answerTokens).sum();
                double loss = stepper.pass().likelihood(samples, List.of(), 1.0 / labels) / labels;
                stepper.step(new StepRecord(i + 1, StepRecord.Phase.TRAIN, rate, loss, null, null, samples.size(), 0));
                JsonNode wanted = expected.values().path(arm).path(i);
                assertThat(loss).isCloseTo(wanted.path("loss").doubleValue(), within(1e-4));
                assertThat(stepper.records().getLast().gradientNorm())
                        .isCloseTo(wanted.path("gradientNorm").doubleValue(), within(1e-3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gqa", "tied-bias", "llama3-rope", "gqa-bf16"})
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
            assertThat(found).isEqualTo(compared.size()).isGreaterThan(10);
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
            float[] found = content.toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT);
            assertThat(ParityCase.relativeError(found, expected.floats("merged/" + tensor.name())))
                    .isLessThan(1e-6);
        }
    }
}
