package dev.safefinetune.trainer.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.LowRank;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** How far the engine is from what transformers, PEFT and torch computed. */
public final class Parity {
    private Parity() {}

    /** Largest difference of a logit, of the base and with the adapter. */
    public static double logits(ParityCase expected) {
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Adapter adapter = Adapter.read(model, expected.adapter())) {
            return Math.max(
                    logits(model, expected, "base", List.of()), logits(model, expected, "lora", List.of(adapter)));
        }
    }

    /** Over all real positions of the first batch. */
    private static double logits(CausalModel model, ParityCase expected, String arm, List<LowRank> adapters) {
        float[] wanted = expected.floats("logits/" + arm);
        List<Long> shape = expected.stored("logits/" + arm).shape();
        int width = Math.toIntExact(shape.get(1));
        int vocabulary = Math.toIntExact(shape.get(2));
        double worst = 0;
        for (EncodedSample sample : expected.batch(0)) {
            float[] found = logits(model, adapters, sample);
            int start = sample.index() * width * vocabulary;
            for (int i = 0; i < found.length; i++) {
                worst = Math.max(worst, Math.abs((double) found[i] - wanted[start + i]));
            }
        }
        return worst;
    }

    /** Logits after each token of a sample, one row after the other. */
    static float[] logits(CausalModel model, List<LowRank> adapters, EncodedSample sample) {
        // Rows are computed where the next token is an answer's: one more stands for whatever comes next.
        boolean[] all = new boolean[sample.length() + 1];
        Arrays.fill(all, 1, all.length, true);
        int[] tokens = Arrays.copyOf(sample.tokens(), all.length);
        EncodedSample whole = EncodedSample.of(sample.index(), tokens, all);
        try (Scope scope = new Scope()) {
            var stack = model.network().stack(scope, adapters);
            var batch = model.network().batch(scope, List.of(whole));
            return model.network()
                    .kernels()
                    .logits(scope, model.network().pass(stack, batch))
                    .floats();
        }
    }

    /** Largest difference of a sample's mean loss, of the base and with the adapter. */
    static double losses(ParityCase expected) {
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Adapter adapter = Adapter.read(model, expected.adapter())) {
            double base = losses(model, expected, "base");
            model.attach(adapter);
            return Math.max(base, losses(model, expected, "lora"));
        }
    }

    private static double losses(CausalModel model, ParityCase expected, String arm) {
        double worst = 0;
        for (int batch = 0; batch < 3; batch++) {
            List<SampleScore> scores = model.score(expected.batch(batch), 64);
            JsonNode losses = expected.values().path(arm).path(batch).path("sampleLoss");
            for (int i = 0; i < scores.size(); i++) {
                worst = Math.max(
                        worst, Math.abs(scores.get(i).loss() - losses.path(i).doubleValue()));
            }
        }
        return worst;
    }

    /** Largest relative difference of an adapter's gradients, of the loss and of the divergence. */
    public static double gradients(ParityCase expected) {
        return Math.max(likelihood(expected, 64), divergence(expected));
    }

    /** Of the first batch's loss, which is compared as well. */
    static double likelihood(ParityCase expected, int microBatchTokens) {
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Adapter adapter = Adapter.read(model, expected.adapter());
                Scope scope = new Scope()) {
            Trainable trainable = Trainable.of(model.network(), scope, adapter);
            GradientPass pass = new GradientPass(model.network(), trainable, microBatchTokens);
            List<EncodedSample> samples = expected.batch(0);
            int labels = samples.stream().mapToInt(EncodedSample::answerTokens).sum();
            double loss = pass.likelihood(samples, List.of(), 1.0 / labels) / labels;
            double wanted =
                    expected.values().path("lora").path(0).path("batchLoss").doubleValue();
            return Math.max(Math.abs(loss - wanted), gradients(expected, "gradient/", adapter, trainable));
        }
    }

    /** Of KL(base ‖ base + adapter) on the second batch, which is compared as well. */
    static double divergence(ParityCase expected) {
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Adapter adapter = Adapter.read(model, expected.adapter());
                Scope scope = new Scope()) {
            Trainable trainable = Trainable.of(model.network(), scope, adapter);
            GradientPass pass = new GradientPass(model.network(), trainable, 1000);
            List<EncodedSample> samples = expected.batch(1);
            int labels = samples.stream().mapToInt(EncodedSample::answerTokens).sum();
            double weight = expected.values().path("klWeight").doubleValue();
            double kl = pass.divergence(samples, weight / labels) / labels;
            double wanted = expected.values().path("kl").doubleValue();
            return Math.max(Math.abs(kl - wanted), gradients(expected, "kl-gradient/", adapter, trainable));
        }
    }

    private static double gradients(ParityCase expected, String prefix, Adapter adapter, Trainable trainable) {
        if (expected.under(prefix).size() != 2 * adapter.layers().size()) {
            throw new AssertionError("the fixture has gradients of other layers");
        }
        return factors(expected, prefix, adapter, trainable.gradients().views());
    }

    /** Largest relative difference of A and B of each layer in turn. */
    private static double factors(ParityCase expected, String prefix, Adapter adapter, List<Tensor> found) {
        double worst = 0;
        for (int i = 0; i < adapter.layers().size(); i++) {
            String key = prefix + "base_model.model." + adapter.layers().get(i).module();
            worst = Math.max(worst, error(found.get(2 * i), expected, key + ".lora_A.weight"));
            worst = Math.max(worst, error(found.get(2 * i + 1), expected, key + ".lora_B.weight"));
        }
        return worst;
    }

    private static double error(Tensor found, ParityCase expected, String name) {
        return ParityCase.relativeError(found.floats(), expected.floats(name));
    }

    /** Largest relative difference of an adapter after three steps of AdamW, with either β₂. */
    public static double adapterSteps(ParityCase expected) {
        return Math.max(adapterSteps(expected, "lora98", 0.98), adapterSteps(expected, "lora999", 0.999));
    }

    static double adapterSteps(ParityCase expected, String arm, double beta2) {
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Adapter adapter = Adapter.read(model, expected.adapter());
                Scope scope = new Scope()) {
            Trainable trainable = Trainable.of(model.network(), scope, adapter);
            threeSteps(model, expected, arm, scope, trainable, beta2);
            return factors(expected, arm + "/", adapter, adapter.parameters().views());
        }
    }

    /**
     * How far weights are from torch's after three steps of full fine-tuning, relative to the largest of their tensor.
     *
     * @param ofMost largest difference of 99 elements in 100 of a tensor
     * @param largest of all: AdamW divides by the root of the second moment, so where that is nearly 0, the order in which a
     *     processor adds decides about the step
     */
    public record WeightError(double ofMost, double largest) {}

    /** The worst of all tensors. */
    public static WeightError weightSteps(ParityCase expected) {
        try (CausalModel model = CausalModel.load(expected.checkpoint());
                Scope scope = new Scope()) {
            Trainable trainable = Trainable.ofWeights(model.network(), scope);
            threeSteps(model, expected, "full", scope, trainable, 0.999);
            List<String> names = model.network().order().names();
            if (!expected.under("full/").containsAll(names)) {
                throw new AssertionError("the fixture lacks weights");
            }
            double most = 0;
            double largest = 0;
            for (int i = 0; i < names.size(); i++) {
                float[] found = model.network().weights().get(i).floats();
                float[] wanted = expected.floats("full/" + names.get(i));
                most = Math.max(most, ParityCase.relativeError(found, wanted, 0.99));
                largest = Math.max(largest, ParityCase.relativeError(found, wanted));
            }
            return new WeightError(most, largest);
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
        Stepper stepper = new Stepper(
                model.network(), scope, trainable, settings, 3, 128, TrainingListener.NONE, Checkpoints.NONE);
        for (int i = 0; i < 3; i++) {
            List<EncodedSample> samples = expected.batch(i);
            int labels = samples.stream().mapToInt(EncodedSample::answerTokens).sum();
            double loss = stepper.pass().likelihood(samples, List.of(), 1.0 / labels) / labels;
            stepper.step(new StepRecord(i + 1, StepRecord.Phase.TRAIN, rate, loss, null, null, samples.size(), 0));
            JsonNode wanted = expected.values().path(arm).path(i);
            requireClose(loss, wanted.path("loss").doubleValue(), 1e-4, "loss");
            double norm = Objects.requireNonNull(stepper.records().getLast().gradientNorm());
            requireClose(norm, wanted.path("gradientNorm").doubleValue(), 1e-3, "gradient norm");
        }
    }

    private static void requireClose(double found, double wanted, double within, String what) {
        if (!(Math.abs(found - wanted) <= within)) {
            throw new AssertionError(what + " is " + found + ", torch has " + wanted);
        }
    }
}
