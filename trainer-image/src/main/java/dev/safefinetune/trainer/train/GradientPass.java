package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import dev.safefinetune.trainer.model.Batch;
import dev.safefinetune.trainer.model.LowRank;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.model.Stack;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Forward and backward passes that add to the gradients of what is trained, in micro-batches: each is divided by the total
 * of the whole step, so how a step is split does not change it.
 */
public final class GradientPass {
    private final Network network;
    private final Trainable trainable;
    private final int microBatchTokens;
    private final long keptBytes;
    private final BooleanSupplier endWished;
    private long tokens;

    /** Passes that add to the gradients of {@code trainable}. */
    public GradientPass(Network network, Trainable trainable, int microBatchTokens) {
        this(network, trainable, microBatchTokens, ActivationMemory.most(), () -> false);
    }

    GradientPass(
            Network network, Trainable trainable, int microBatchTokens, long keptBytes, BooleanSupplier endWished) {
        this.endWished = endWished;
        this.keptBytes = keptBytes;
        this.network = network;
        this.trainable = trainable;
        this.microBatchTokens = microBatchTokens;
    }

    /** Tokens through the model so far. */
    public long tokens() {
        return tokens;
    }

    /**
     * Adds the gradient of weight · Σ negative log-likelihood over the samples' answer tokens.
     *
     * @param frozen adapters that are active and do not learn
     * @return the sum without the weight, in nats
     */
    public double likelihood(List<EncodedSample> samples, List<? extends LowRank> frozen, double weight) {
        double sum = 0;
        try (Scope shared = new Scope()) {
            Stack stack = network.stack(shared, active(frozen));
            for (int[] group : Batch.split(samples, microBatchTokens)) {
                try (Scope scope = new Scope()) {
                    Batch batch = batch(scope, samples, group);
                    sum += total(network.script()
                            .call(
                                    scope,
                                    "learn",
                                    network.weights(),
                                    stack.a(),
                                    stack.b(),
                                    batch.tensors(),
                                    (long) batch.documents(),
                                    (long) batch.longest(),
                                    network.chunk(),
                                    weight,
                                    saving(batch),
                                    trainable.ofWeights(),
                                    trainable.ofA(),
                                    trainable.ofB(),
                                    trainable.scale()));
                }
            }
        }
        return sum;
    }

    /**
     * Adds the gradient of weight · Σ KL(base ‖ base + adapter) over the positions that foretell the samples' answer tokens.
     *
     * @return the sum without the weight, in nats
     */
    public double divergence(List<EncodedSample> samples, double weight) {
        double sum = 0;
        try (Scope shared = new Scope()) {
            Stack base = network.stack(shared, List.of());
            Stack stack = network.stack(shared, active(List.of()));
            for (int[] group : Batch.split(samples, microBatchTokens)) {
                try (Scope scope = new Scope()) {
                    Batch batch = batch(scope, samples, group);
                    sum += total(network.script()
                            .call(
                                    scope,
                                    "keep",
                                    network.weights(),
                                    base.a(),
                                    base.b(),
                                    stack.a(),
                                    stack.b(),
                                    batch.tensors(),
                                    (long) batch.documents(),
                                    (long) batch.longest(),
                                    network.chunk(),
                                    weight,
                                    saving(batch),
                                    trainable.ofA(),
                                    trainable.ofB(),
                                    trainable.scale()));
                }
            }
        }
        return sum;
    }

    private Batch batch(Scope scope, List<EncodedSample> samples, int[] group) {
        if (endWished.getAsBoolean()) {
            throw new TrainingInterrupted("asked to end within a step");
        }
        Batch batch =
                network.batch(scope, Arrays.stream(group).mapToObj(samples::get).toList());
        tokens += batch.tokens();
        return batch;
    }

    /** The adapter that learns comes first: its factors' columns are the first of the stack. */
    private List<LowRank> active(List<? extends LowRank> frozen) {
        List<LowRank> adapters = new ArrayList<>();
        if (trainable.adapter() != null) {
            adapters.add(trainable.adapter());
        }
        adapters.addAll(frozen);
        return adapters;
    }

    private boolean saving(Batch batch) {
        return ActivationMemory.isTooLarge(network.config(), batch.tokens(), keptBytes);
    }

    private static double total(List<Tensor> result) {
        double sum = 0;
        for (float each : result.getFirst().floats()) {
            sum += each;
        }
        return sum;
    }
}
