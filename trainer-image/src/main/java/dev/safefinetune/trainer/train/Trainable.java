package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.kernel.FlatTensors;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that learn, and where their gradients go. What is not in here gets no gradient: the kernels do not even
 * compute it.
 *
 * @param adapter the adapter that learns; absent where the model's own weights do
 * @param values the parameters
 * @param gradients of the same layout
 * @param ofWeights gradients in the order of the model's weights; empty for an adapter
 * @param ofA per slot the gradient of A, or empty; an empty list for a full fine-tune
 * @param ofB the same for B
 */
public record Trainable(
        @Nullable Adapter adapter,
        FlatTensors values,
        FlatTensors gradients,
        List<Tensor> ofWeights,
        List<Tensor> ofA,
        List<Tensor> ofB) {

    /** An adapter's factors. */
    public static Trainable of(Network network, Scope scope, Adapter adapter) {
        FlatTensors gradients = like(network, scope, adapter.parameters());
        List<String> modules = network.order().modules();
        Tensor none = scope.of(new float[0], 0, 0);
        List<Tensor> ofA = new ArrayList<>(Collections.nCopies(modules.size(), none));
        List<Tensor> ofB = new ArrayList<>(Collections.nCopies(modules.size(), none));
        for (int i = 0; i < adapter.layers().size(); i++) {
            int slot = modules.indexOf(adapter.layers().get(i).module());
            ofA.set(slot, gradients.views().get(2 * i));
            ofB.set(slot, gradients.views().get(2 * i + 1));
        }
        return new Trainable(adapter, adapter.parameters(), gradients, List.of(), ofA, ofB);
    }

    /** All of the model's weights. */
    public static Trainable ofWeights(Network network, Scope scope) {
        FlatTensors values = network.ownWeights();
        FlatTensors gradients = like(network, scope, values);
        return new Trainable(null, values, gradients, gradients.views(), List.of(), List.of());
    }

    private static FlatTensors like(Network network, Scope scope, FlatTensors values) {
        return FlatTensors.zeros(
                network.script(),
                scope,
                values.views().stream().map(Tensor::shape).toList());
    }

    /** The scale of the adapter's product; 1 for weights. */
    double scale() {
        return adapter == null ? 1 : adapter.settings().scale();
    }
}
