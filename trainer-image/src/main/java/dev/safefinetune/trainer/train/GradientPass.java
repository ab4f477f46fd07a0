package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import dev.safefinetune.trainer.kernel.Factors;
import dev.safefinetune.trainer.model.Batch;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * Forward and backward passes that add to the gradients of what is trained, in micro-batches: each is divided by the total
 * of the whole step, so how a step is split does not change it.
 *
 * <p>Where the model has replicas, micro-batches are dealt to them in turn, each adds to gradients of its own, and these are
 * added to the model's in the replicas' order: the number of replicas changes the order of sums and nothing else.
 */
public final class GradientPass implements AutoCloseable {
    private final Lanes lanes;
    private final Trainable trainable;
    private final BooleanSupplier endWished;
    private final LongAdder tokens = new LongAdder();
    private MemoryBudget budget;

    /** Passes that add to the gradients of {@code trainable}. */
    public GradientPass(Network network, Trainable trainable, int microBatchTokens) {
        this(network, trainable, MemoryBudget.ofProcessors(microBatchTokens), () -> false);
    }

    /**
     * The same, which can be ended.
     *
     * @param budget to begin with
     * @param endWished asked before each micro-batch
     */
    GradientPass(Network network, Trainable trainable, MemoryBudget budget, BooleanSupplier endWished) {
        this.lanes = Lanes.of(network, trainable);
        this.trainable = trainable;
        this.budget = budget;
        this.endWished = endWished;
    }

    /** Tokens through the model so far. */
    public long tokens() {
        return tokens.sum();
    }

    /** How steps are cut now. */
    MemoryBudget budget() {
        return budget;
    }

    /** Cuts steps otherwise from now on. */
    void cut(MemoryBudget smaller) {
        budget = smaller;
    }

    /**
     * Adds the gradient of weight · Σ negative log-likelihood over the samples' answer tokens.
     *
     * @param frozen adapters that are active and do not learn
     * @return the sum without the weight, in nats
     */
    public double likelihood(List<EncodedSample> samples, List<Adapter> frozen, double weight) {
        return gather(samples, (lane, shared) -> {
            Factors stack = lane.stack(shared, frozen, true);
            return (scope, batch, group) -> lane.network()
                    .kernels()
                    .nllStep(
                            scope,
                            lane.pass(stack, batch),
                            weight,
                            saving(lane, batch),
                            lane.trainable().kernels());
        });
    }

    /**
     * Adds the gradient of weight · Σ KL(base ‖ base + adapter) over the positions that foretell the samples' answer tokens.
     *
     * @return the sum without the weight, in nats
     */
    public double divergence(List<EncodedSample> samples, double weight) {
        return gather(samples, (lane, shared) -> {
            Factors base = lane.stack(shared, List.of(), false);
            Factors stack = lane.stack(shared, List.of(), true);
            return (scope, batch, group) -> lane.network()
                    .kernels()
                    .klStep(
                            scope,
                            lane.pass(stack, batch),
                            base,
                            weight,
                            saving(lane, batch),
                            lane.trainable().kernels());
        });
    }

    /**
     * Adds the gradient of weight · Σ ‖h(θ) − h(base)‖² over requests, h the output of the last layer at a request's last token.
     *
     * @param requests each with one label, the token after the request
     * @param base the base's h of each
     * @return the sum without the weight
     */
    public double deviation(List<EncodedSample> requests, List<float[]> base, double weight) {
        return gather(requests, (lane, shared) -> {
            Factors stack = lane.stack(shared, List.of(), true);
            return (scope, batch, group) -> lane.network()
                    .kernels()
                    .anchorStep(
                            scope,
                            lane.pass(stack, batch),
                            AnchorStates.tensor(scope, base, group),
                            weight,
                            saving(lane, batch),
                            lane.trainable().kernels());
        });
    }

    /** What is done to a micro-batch, the samples of a group; gives what is summed of each label row. */
    @FunctionalInterface
    private interface Work {
        Tensor on(Scope scope, Batch batch, int[] group);
    }

    /** Prepares the work of a lane; what it makes belongs to the scope. */
    @FunctionalInterface
    private interface Preparation {
        Work of(Lane lane, Scope shared);
    }

    private double gather(List<EncodedSample> samples, Preparation preparation) {
        List<int[]> groups = Batch.split(samples, budget.microBatchTokens());
        double[] sums = new double[groups.size()];
        lanes.each((lane, first) -> {
            try (Scope shared = lane.network().kernels().scope()) {
                Work work = preparation.of(lane, shared);
                for (int i = first; i < sums.length; i += lanes.size()) {
                    if (endWished.getAsBoolean()) {
                        throw new TrainingInterrupted("asked to end within a step");
                    }
                    try (Scope scope = lane.network().kernels().scope()) {
                        Batch batch = lane.batch(scope, samples, groups.get(i));
                        tokens.add(batch.tokens());
                        sums[i] = Lane.total(work.on(scope, batch, groups.get(i)));
                    }
                }
            }
        });
        lanes.gather();
        double sum = 0;
        for (double each : sums) {
            sum += each;
        }
        return sum;
    }

    /** To be told after each change of the parameters: replicas take them over. */
    void valuesChanged() {
        lanes.follow();
    }

    /** To be told after each change of an adapter that is frozen here and learns elsewhere. */
    void frozenChanged(Adapter adapter) {
        lanes.follow(adapter);
    }

    /** Gives up what was gathered since the last step. */
    void forget() {
        lanes.gather();
        Network network = lanes.first().network();
        network.kernels().zero(trainable.gradients().flat());
    }

    private boolean saving(Lane lane, Batch batch) {
        Network network = lane.network();
        return ActivationMemory.isTooLarge(
                network.config(), batch.tokens(), network.kernels().precision().bytes(), budget.keptBytes());
    }

    @Override
    public void close() {
        lanes.close();
    }
}
