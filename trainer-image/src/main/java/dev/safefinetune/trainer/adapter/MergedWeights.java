package dev.safefinetune.trainer.adapter;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.LowRank;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.FiniteWeights;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights with an adapter merged in, for whoever writes them: W + s·B·A in float32, cast once to the
 * checkpoint's element type. Each tensor is made when its content is asked for, and is valid until the next one is or this
 * closes. Adapters that are attached to the model are not merged. A weight that the checkpoint's type cannot hold is refused
 * with {@link Fault#PUBLISH_CHECK_FAILED}, which names it.
 */
public final class MergedWeights implements AutoCloseable {
    private static final long FLOAT16 = 5;
    private static final long FLOAT32 = 6;
    private static final long BFLOAT16 = 15;

    /** The largest numbers of types with 16 bits. */
    private static final Map<DType, Float> LARGEST = Map.of(DType.F16, 65504f, DType.BF16, 0x1.FEp127f);

    private final Network network;
    private final @Nullable Adapter adapter;
    private final Scope read = new Scope();
    private final List<Tensor> weights;
    private Scope current = new Scope();

    /**
     * Prepares; nothing is computed yet.
     *
     * @param adapter what to merge; absent after a full fine-tune and for a new model
     */
    public MergedWeights(CausalModel model, @Nullable Adapter adapter) {
        this.network = model.network();
        this.adapter = adapter;
        this.weights = network.exactWeights(read);
    }

    /** All tensors of a checkpoint. A tied head is left out, as transformers does. */
    public List<OutgoingTensor> tensors() {
        List<OutgoingTensor> tensors = new ArrayList<>();
        List<String> names = network.order().names();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            int index = i;
            DType type = network.type(name);
            tensors.add(new OutgoingTensor(name, type, network.shapeOf(name), () -> content(name, index, type)));
        }
        return tensors;
    }

    private MemorySegment content(String name, int index, DType type) {
        current.close();
        current = new Scope();
        Tensor merged = merged(name, weights.get(index));
        MemorySegment written = network.kernels()
                .memory(
                        current,
                        cast(
                                merged,
                                switch (type) {
                                    case F16 -> FLOAT16;
                                    case BF16 -> BFLOAT16;
                                    default -> FLOAT32;
                                }));
        if (!FiniteWeights.isFinite(type, written)) {
            throw unfit(name, type, network.kernels().memory(current, cast(merged, FLOAT32)));
        }
        return written;
    }

    /** Training may take a weight beyond the largest number of the checkpoint's type, and rounded it would be infinite. */
    private static TrainerException unfit(String name, DType type, MemorySegment values) {
        double largest = 0;
        for (long i = 0; i < values.byteSize() / Float.BYTES; i++) {
            // A value that is no number stays the largest.
            largest = Math.max(largest, Math.abs(values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i)));
        }
        return new TrainerException(
                Fault.PUBLISH_CHECK_FAILED,
                "tensor " + name + " of the result has a value of magnitude " + (float) largest + ", and " + type
                        + ", the type of the base's checkpoint, ends at " + LARGEST.getOrDefault(type, Float.MAX_VALUE)
                        + "; train with a smaller learning rate, or from a base in bfloat16 or float32");
    }

    private Tensor merged(String name, Tensor weight) {
        Optional<LowRank.Factors> factors = adapter == null || !name.endsWith(".weight")
                ? Optional.empty()
                : adapter.factors(name.substring(0, name.length() - ".weight".length()));
        return factors.map(f -> network.kernels().merged(current, weight, f.a(), f.b(), f.scale()))
                .orElse(weight);
    }

    private Tensor cast(Tensor tensor, long type) {
        return network.kernels().cast(current, tensor, type);
    }

    @Override
    public void close() {
        current.close();
        read.close();
    }
}
