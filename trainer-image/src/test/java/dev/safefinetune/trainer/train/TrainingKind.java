package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.vector.VectorTrainer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is trained: two epochs whose last step is short, several micro-batches a step, warm-up, decay and clipping. */
enum TrainingKind {
    LORA(9) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return fineTune(new FineTuning(FineTuning.Method.LORA, Tiny.LORA, settings(2)), listener, checkpoints);
        }
    },
    FULL(9) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return fineTune(new FineTuning(FineTuning.Method.FULL, null, settings(2)), listener, checkpoints);
        }
    },
    VECTOR(4) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            VectorTraining training =
                    new VectorTraining(VectorTraining.Objective.SINGLE_LEVEL, Tiny.LORA, settings(2), 0.5);
            try (CausalModel model = Tiny.model(1)) {
                var trained = VectorTrainer.train(model, OTHERS, SAMPLES, training, listener, checkpoints);
                try (Adapter vector = trained.vector()) {
                    return new Outcome(vector.digests(), trained.record(), trained.floor());
                }
            }
        }
    };

    private static final List<EncodedSample> SAMPLES = Tiny.samples(21, 1, 3);
    private static final List<EncodedSample> OTHERS = Tiny.sameAnswer(13, 30, 4);

    final int steps;

    TrainingKind(int steps) {
        this.steps = steps;
    }

    abstract Outcome train(TrainingListener listener, Checkpoints checkpoints);

    /** With a vector, a gate that leaves some samples out, a cooldown of three steps and validation. */
    private static Outcome fineTune(FineTuning settings, TrainingListener listener, Checkpoints checkpoints) {
        try (CausalModel model = Tiny.model(1);
                Adapter shape = Adapter.create(model, Tiny.LORA, 7)) {
            fill(model, shape);
            List<SampleDrop> drops = Screening.drops(model, shape, SAMPLES, 4096);
            double threshold = drops.stream()
                    .mapToDouble(SampleDrop::drop)
                    .sorted()
                    .skip(drops.size() - 4)
                    .findFirst()
                    .orElseThrow();
            FineTuneTask task = new FineTuneTask(settings, SAMPLES, OTHERS, shape, drops, threshold, OTHERS, 3);
            FineTuned tuned = FineTuner.train(model, task, listener, checkpoints);
            SortedMap<String, Digest> digests = new TreeMap<>(model.digests());
            Adapter adapter = tuned.adapter();
            if (adapter != null) {
                digests.putAll(adapter.digests());
                adapter.close();
            }
            return new Outcome(digests, tuned.record(), 0);
        }
    }

    private static void fill(CausalModel model, Adapter vector) {
        List<float[]> drawn = new ArrayList<>();
        java.util.Random random = new java.util.Random(5);
        vector.parameters().views().forEach(t -> {
            float[] values = new float[(int) t.elements()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian() * 0.2f;
            }
            drawn.add(values);
        });
        try (var scope = new dev.safefinetune.trainer.tensor.Scope()) {
            for (int i = 0; i < drawn.size(); i++) {
                var to = vector.parameters().views().get(i);
                model.network().script().call(scope, "copy", List.of(to), List.of(scope.of(drawn.get(i), to.shape())));
            }
        }
    }

    private static Hyperparameters settings(int epochs) {
        return new Hyperparameters(epochs, 0.02, 8, 24, 64, Hyperparameters.Scheduler.COSINE, 0.3, 0.98, 0.01, 0.5, 7);
    }

    /** All that comes of a training, but for how long it took. */
    record Outcome(SortedMap<String, Digest> tensors, TrainingRecord record, double floor) {
        Outcome {
            record = new TrainingRecord(
                    record.steps(),
                    record.probes(),
                    record.gateDrop(),
                    record.gatedSamples(),
                    record.vectorOffSamples(),
                    record.validationLoss(),
                    record.tokens(),
                    0);
        }
    }
}
