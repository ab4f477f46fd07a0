package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.MinMinSettings;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.vector.VectorTrainer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What is trained: two epochs whose last step is short, several micro-batches a step, warm-up, decay and clipping. */
enum TrainingKind {
    LORA(9, () -> Tiny.model(1)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return fineTune(new FineTuning(FineTuning.Method.LORA, Tiny.LORA, settings(2)), listener, checkpoints);
        }
    },
    TWO_REPLICAS(9, () -> Tiny.model(1, 2)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return fineTune(new FineTuning(FineTuning.Method.LORA, Tiny.LORA, settings(2)), listener, checkpoints);
        }
    },
    LORA_GATED_BY_TOKENS(9, () -> Tiny.model(1)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return byTokens(new FineTuning(FineTuning.Method.LORA, Tiny.LORA, settings(2)), listener, checkpoints);
        }
    },
    FULL(9, () -> Tiny.model(1)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return fineTune(new FineTuning(FineTuning.Method.FULL, null, settings(2)), listener, checkpoints);
        }
    },
    ANCHORED_LORA(9, () -> Tiny.model(1)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return anchored(new FineTuning(FineTuning.Method.LORA, Tiny.LORA, settings(2)), listener, checkpoints);
        }
    },
    ANCHORED_REPLICAS(9, () -> Tiny.model(1, 2)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return anchored(new FineTuning(FineTuning.Method.LORA, Tiny.LORA, settings(2)), listener, checkpoints);
        }
    },
    ANCHORED_FULL(9, () -> Tiny.model(1)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return anchored(new FineTuning(FineTuning.Method.FULL, null, settings(2)), listener, checkpoints);
        }
    },
    VECTOR(4, () -> Tiny.model(1)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return vector(listener, checkpoints);
        }
    },
    /** Two steps of the vector alone, then each turn of the copy two steps long. */
    VECTOR_BY_MIN_MIN(8, () -> Tiny.model(1)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return vector(minMin(), listener, checkpoints);
        }
    },
    VECTOR_BY_MIN_MIN_ON_REPLICAS(8, () -> Tiny.model(1, 2)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return vector(minMin(), listener, checkpoints);
        }
    },
    LORA_IN_BFLOAT16(9, () -> Tiny.half(1)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return fineTune(
                    new FineTuning(FineTuning.Method.LORA, Tiny.LORA, settings(2), Precision.BFLOAT16),
                    listener,
                    checkpoints);
        }
    },
    FULL_IN_BFLOAT16(9, () -> Tiny.half(1)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return fineTune(
                    new FineTuning(FineTuning.Method.FULL, null, settings(2), Precision.BFLOAT16),
                    listener,
                    checkpoints);
        }
    },
    VECTOR_IN_BFLOAT16(4, () -> Tiny.half(1)) {
        @Override
        Outcome train(TrainingListener listener, Checkpoints checkpoints) {
            return vector(listener, checkpoints);
        }
    };

    private static final List<EncodedSample> SAMPLES = Tiny.samples(21, 1, 3);
    private static final List<EncodedSample> OTHERS = Tiny.sameAnswer(13, 30, 4);

    final int steps;
    private final Supplier<CausalModel> base;

    TrainingKind(int steps, Supplier<CausalModel> base) {
        this.steps = steps;
        this.base = base;
    }

    abstract Outcome train(TrainingListener listener, Checkpoints checkpoints);

    /** With a vector, a gate that leaves some samples out, a cooldown of three steps and validation. */
    Outcome fineTune(FineTuning settings, TrainingListener listener, Checkpoints checkpoints) {
        return fineTune(settings, false, false, listener, checkpoints);
    }

    /** The same with an anchor whose requests are more than a step takes and no multiple of it. */
    Outcome anchored(FineTuning settings, TrainingListener listener, Checkpoints checkpoints) {
        return fineTune(settings, false, true, listener, checkpoints);
    }

    /** The same with a gate of single tokens. */
    Outcome byTokens(FineTuning settings, TrainingListener listener, Checkpoints checkpoints) {
        return fineTune(settings, true, false, listener, checkpoints);
    }

    private Outcome fineTune(
            FineTuning settings,
            boolean byTokens,
            boolean anchored,
            TrainingListener listener,
            Checkpoints checkpoints) {
        try (CausalModel model = base.get();
                Adapter shape = Adapter.create(model, Tiny.LORA, 7)) {
            fill(model, shape);
            List<SampleDrop> drops = Screening.drops(model, shape, SAMPLES, 4096);
            double threshold = drops.stream()
                    .mapToDouble(SampleDrop::drop)
                    .sorted()
                    .skip(drops.size() - 4)
                    .findFirst()
                    .orElseThrow();
            GateThresholds gate = new GateThresholds(threshold, 0);
            List<TokenMask> masks = masks(model, shape, gate);
            Safeguard gated = byTokens
                    ? new Safeguard(shape, drops, gate, VectorScope.ALL_SAMPLES, List.of(), masks, null)
                    : Safeguard.gated(shape, drops, gate);
            Safeguard safeguard = gated.with(anchored ? anchor(model) : null);
            List<EncodedSample> samples = byTokens ? masked(masks) : SAMPLES;
            Cooldown cooldown = new Cooldown(OTHERS.subList(0, 3), OTHERS.subList(3, 6), OTHERS, 3, 0.005);
            FineTuneTask task = new FineTuneTask(settings, samples, OTHERS, safeguard, cooldown);
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

    private static List<TokenMask> masks(CausalModel model, Adapter vector, GateThresholds gate) {
        TokenThresholds thresholds = new TokenThresholds(gate, gate);
        return Screening.each(model, vector, SAMPLES, 4096, t -> t).stream()
                .map(thresholds::mask)
                .toList();
    }

    private static List<EncodedSample> masked(List<TokenMask> masks) {
        return IntStream.range(0, SAMPLES.size())
                .mapToObj(i -> masks.get(i).applyTo(SAMPLES.get(i)))
                .toList();
    }

    static VectorTraining minMin() {
        return new VectorTraining(
                VectorTraining.Objective.MIN_MIN,
                Tiny.LORA,
                settings(2),
                0.5,
                Precision.FLOAT32,
                new MinMinSettings(2, 2, 1, 0.01));
    }

    Outcome vector(TrainingListener listener, Checkpoints checkpoints) {
        return vector(
                new VectorTraining(VectorTraining.Objective.SINGLE_LEVEL, Tiny.LORA, settings(2), 0.5),
                listener,
                checkpoints);
    }

    Outcome vector(VectorTraining training, TrainingListener listener, Checkpoints checkpoints) {
        try (CausalModel model = base.get()) {
            var trained = VectorTrainer.train(model, OTHERS, SAMPLES, training, listener, checkpoints);
            try (Adapter vector = trained.vector()) {
                return new Outcome(vector.digests(), trained.record(), trained.floor());
            }
        }
    }

    private static Anchor anchor(CausalModel model) {
        List<EncodedSample> requests = Anchor.requests(OTHERS, SAMPLES.subList(0, 6));
        return new Anchor(requests, AnchorStates.of(model, null, requests, 4096), 0.5);
    }

    static void fill(CausalModel model, Adapter vector) {
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
                model.network().kernels().copy(List.of(to), List.of(scope.of(drawn.get(i), to.shape())));
            }
        }
    }

    static Hyperparameters settings(int epochs) {
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
                    record.anchor(),
                    record.tokens(),
                    0);
        }
    }
}
