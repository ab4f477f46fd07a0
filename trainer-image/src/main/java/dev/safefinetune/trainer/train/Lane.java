package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.kernel.Factors;
import dev.safefinetune.trainer.kernel.Pass;
import dev.safefinetune.trainer.model.Batch;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One replica of the model with what is trained on it: its own copies of the adapters, and its own gradients. The model itself
 * is the first lane, whose adapters are the originals.
 */
final class Lane implements AutoCloseable {
    private final Network network;
    private final Trainable trainable;
    private final @Nullable Scope scope;
    private final Map<Adapter, Adapter> copies = new IdentityHashMap<>();

    /**
     * A lane.
     *
     * @param scope of a replica's gradients; absent for the model itself, which owns nothing here
     */
    private Lane(Network network, Trainable trainable, @Nullable Scope scope) {
        this.network = network;
        this.trainable = trainable;
        this.scope = scope;
    }

    /** The model itself. */
    static Lane first(Network network, Trainable trainable) {
        return new Lane(network, trainable, null);
    }

    /** A replica that trains a copy of an adapter. */
    static Lane replica(Network network, Adapter adapter) {
        Scope scope = network.kernels().scope();
        Adapter copy = adapter.copyFor(network);
        Lane lane = new Lane(network, Trainable.of(network, scope, copy), scope);
        lane.copies.put(adapter, copy);
        return lane;
    }

    Network network() {
        return network;
    }

    Trainable trainable() {
        return trainable;
    }

    /** Takes over the values that the optimizer has made of the original's. */
    void follow(Trainable original) {
        network.kernels()
                .copy(
                        List.of(trainable.values().flat()),
                        List.of(original.values().flat()));
    }

    /** Takes over the values of a frozen adapter where there is a copy of it. */
    void follow(Adapter frozen) {
        Adapter copy = copies.get(frozen);
        if (copy != null) {
            network.kernels()
                    .copy(
                            List.of(copy.parameters().flat()),
                            List.of(frozen.parameters().flat()));
        }
    }

    /** Factors of the adapter that learns, whose columns are the first of the stack, and of others that do not. */
    Factors stack(Scope owner, List<Adapter> frozen, boolean learning) {
        List<Adapter> adapters = new ArrayList<>();
        Adapter own = trainable.adapter();
        if (learning && own != null) {
            adapters.add(own);
        }
        frozen.forEach(adapter -> adapters.add(here(adapter)));
        return network.stack(owner, adapters);
    }

    /** A frozen adapter is copied once; who changes it afterwards says so, see {@link #follow(Adapter)}. */
    private Adapter here(Adapter adapter) {
        return scope == null ? adapter : copies.computeIfAbsent(adapter, a -> a.copyFor(network));
    }

    /** Lays samples out. */
    Batch batch(Scope owner, List<EncodedSample> samples, int[] indices) {
        return network.batch(
                owner, Arrays.stream(indices).mapToObj(samples::get).toList());
    }

    Pass pass(Factors factors, Batch batch) {
        return network.pass(factors, batch);
    }

    static double total(Tensor each) {
        double sum = 0;
        for (float value : each.floats()) {
            sum += value;
        }
        return sum;
    }

    @Override
    public void close() {
        copies.values().forEach(Adapter::close);
        if (scope != null) {
            scope.close();
        }
    }
}
