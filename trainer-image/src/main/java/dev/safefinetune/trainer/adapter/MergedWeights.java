package dev.safefinetune.trainer.adapter;

import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.LowRank;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights with an adapter merged in, for whoever writes them: W + s·B·A in float32, cast once to the
 * checkpoint's element type. Each tensor is made when its content is asked for, and is valid until the next one is or this
 * closes. Adapters that are attached to the model are not merged.
 */
public final class MergedWeights implements AutoCloseable {
    private static final long FLOAT16 = 5;
    private static final long BFLOAT16 = 15;

    private final Network network;
    private final @Nullable Adapter adapter;
    private Scope current = new Scope();

    /**
     * Prepares; nothing is computed yet.
     *
     * @param adapter what to merge; absent after a full fine-tune and for a new model
     */
    public MergedWeights(CausalModel model, @Nullable Adapter adapter) {
        this.network = model.network();
        this.adapter = adapter;
    }

    /** All tensors of a checkpoint. A tied head is left out, as transformers does. */
    public List<OutgoingTensor> tensors() {
        List<OutgoingTensor> tensors = new ArrayList<>();
        List<String> names = network.order().names();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Tensor weight = network.weights().get(i);
            DType type = network.type(name);
            tensors.add(new OutgoingTensor(name, type, network.shapeOf(name), () -> content(name, weight, type)));
        }
        return tensors;
    }

    private MemorySegment content(String name, Tensor weight, DType type) {
        current.close();
        current = new Scope();
        Tensor merged = merged(name, weight);
        return switch (type) {
            case F16 -> network.script().memory(cast(merged, FLOAT16), Short.BYTES);
            case BF16 -> network.script().memory(cast(merged, BFLOAT16), Short.BYTES);
            default -> network.script().memory(merged, Float.BYTES);
        };
    }

    private Tensor merged(String name, Tensor weight) {
        Optional<LowRank.Factors> factors = adapter == null || !name.endsWith(".weight")
                ? Optional.empty()
                : adapter.factors(name.substring(0, name.length() - ".weight".length()));
        return factors.map(f -> network.script()
                        .call(current, "merged", List.of(weight), List.of(f.a()), List.of(f.b()), f.scale())
                        .getFirst())
                .orElse(weight);
    }

    private Tensor cast(Tensor tensor, long type) {
        return network.script().call(current, "cast", List.of(tensor), type).getFirst();
    }

    @Override
    public void close() {
        current.close();
    }
}
