package dev.safefinetune.trainer.adapter;

import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.DType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A model's weights with an adapter merged in, tensor by tensor, for whoever writes them. */
public final class MergedWeights {
    private MergedWeights() {}

    /** Takes one tensor after the other, in the order of their names. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param name as in a Hugging Face checkpoint
         * @param bytes row-major little-endian; valid during the call only
         */
        void accept(String name, DType dtype, List<Long> shape, ByteBuffer bytes);
    }

    /**
     * What a tensor will be like.
     *
     * @param shape dimensions
     */
    public record Form(DType dtype, List<Long> shape) {
        public Form {
            shape = List.copyOf(shape);
        }
    }

    /** Names, types and shapes of what {@link #write} gives, so that a header can be written first. A tied head is left out. */
    public static SortedMap<String, Form> forms(CausalModel model) {
        throw new IllegalStateException(model.toString());
    }

    /**
     * Merges W + s·B·A in float32, casts once to the checkpoint's element type, and hands the tensors over.
     *
     * @param adapter what to merge; absent after a full fine-tune. Adapters attached to the model are not merged.
     */
    public static void write(CausalModel model, @Nullable Adapter adapter, Sink sink) {
        throw new IllegalStateException(model.toString() + adapter + sink);
    }
}
