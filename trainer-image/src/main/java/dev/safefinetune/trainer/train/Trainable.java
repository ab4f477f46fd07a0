package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.kernel.FlatTensors;
import dev.safefinetune.trainer.kernel.Gradients;
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
 * @param kernels the same gradients as the kernels take them
 */
public record Trainable(@Nullable Adapter adapter, FlatTensors values, FlatTensors gradients, Gradients kernels) {

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
        List<Tensor> ofWeights = Collections.nCopies(network.weights().size(), none);
        Gradients kernels =
                new Gradients(ofWeights, ofA, ofB, adapter.settings().scale());
        return new Trainable(adapter, adapter.parameters(), gradients, kernels);
    }

    /** All of the model's weights. */
    public static Trainable ofWeights(Network network, Scope scope) {
        FlatTensors values = network.ownWeights();
        FlatTensors gradients = like(network, scope, values);
        List<Tensor> none = Collections.nCopies(network.order().modules().size(), scope.of(new float[0], 0, 0));
        return new Trainable(null, values, gradients, new Gradients(gradients.views(), none, none, 1));
    }

    private static FlatTensors like(Network network, Scope scope, FlatTensors values) {
        return FlatTensors.zeros(
                network.kernels(),
                scope,
                values.views().stream().map(Tensor::shape).toList());
    }
}
