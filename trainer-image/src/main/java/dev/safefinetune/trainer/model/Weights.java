package dev.safefinetune.trainer.model;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.kernel.WeightOrder;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.StoredTensor;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Script;
import dev.safefinetune.trainer.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model's weights in the order of the kernels.
 *
 * @param tensors float32, each in its checkpoint's shape
 * @param types element type of each in the checkpoint, by name
 */
record Weights(List<Tensor> tensors, SortedMap<String, DType> types) {
    /** libtorch's numbers of element types. */
    private static final Map<DType, Long> TYPE = Map.of(DType.F32, 6L, DType.F16, 5L, DType.BF16, 15L);

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Maps a checkpoint: float32 stays in the file's pages, the 16-bit types are widened. */
    static Weights load(Path directory, ModelConfig config, WeightOrder order, Script script, Scope scope) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            check(directory, config, order, checkpoint.tensors());
            Map<String, Tensor> files = new HashMap<>();
            List<Tensor> tensors = new ArrayList<>();
            SortedMap<String, DType> types = new TreeMap<>();
            for (String name : order.names()) {
                StoredTensor stored = stored(checkpoint.tensors(), name);
                types.put(name, stored.dtype());
                tensors.add(tensor(stored, files, script, scope));
            }
            return new Weights(tensors, types);
        }
    }

    private static StoredTensor stored(Map<String, StoredTensor> tensors, String name) {
        StoredTensor stored = tensors.get(name);
        if (stored == null) {
            throw new IllegalStateException("checked before: " + name);
        }
        return stored;
    }

    private static void check(
            Path directory, ModelConfig config, WeightOrder order, SortedMap<String, StoredTensor> found) {
        Set<String> names = Set.copyOf(order.names());
        for (String name : order.names()) {
            StoredTensor stored = found.get(name);
            if (stored == null) {
                throw invalid(directory, "has no tensor " + name);
            }
            if (!stored.shape().equals(config.shapeOf(name))) {
                throw invalid(
                        directory,
                        "tensor " + name + " is " + stored.shape() + ", its config.json asks for "
                                + config.shapeOf(name));
            }
            if (!TYPE.containsKey(stored.dtype())) {
                throw invalid(directory, "tensor " + name + " is " + stored.dtype() + ", supported are F32, F16, BF16");
            }
        }
        for (String name : found.keySet()) {
            boolean known = names.contains(name)
                    || name.endsWith(".rotary_emb.inv_freq")
                    || name.equals("lm_head.weight") && config.tiedHead();
            if (!known) {
                throw invalid(directory, "has a tensor that a Llama model does not have: " + name);
            }
        }
    }

    private static Tensor tensor(StoredTensor stored, Map<String, Tensor> files, Script script, Scope scope) {
        int width = stored.dtype().bytes();
        if (stored.offset() % width != 0) {
            return scope.filled(memory -> widen(stored, memory), stored.dimensions());
        }
        String path = stored.file().toString();
        Tensor file = files.computeIfAbsent(path + width + stored.dtype(), key -> {
            long elements = stored.file().toFile().length() / width;
            return script.call(scope, "mapped", path, type(stored.dtype()), elements)
                    .getFirst();
        });
        int[] shape = stored.shape().stream().mapToInt(Math::toIntExact).toArray();
        int[] stride = shape.length == 1 ? new int[] {1} : new int[] {shape[1], 1};
        return script.call(scope, "part", List.of(file), stored.offset() / width, shape, stride)
                .getFirst();
    }

    private static long type(DType dtype) {
        return TYPE.getOrDefault(dtype, -1L);
    }

    /** For the rare file whose tensors are not aligned to their element size. */
    private static void widen(StoredTensor stored, MemorySegment to) {
        MemorySegment from = stored.data();
        for (long i = 0; i < stored.elements(); i++) {
            float value = switch (stored.dtype()) {
                case F32 -> Float.intBitsToFloat(from.get(INT, i * 4));
                case F16 -> Float.float16ToFloat(from.get(SHORT, i * 2));
                default -> Float.intBitsToFloat(from.get(SHORT, i * 2) << 16);
            };
            to.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        }
    }

    /** New weights: normal in matrices, one in norms, zero in biases. */
    static Weights initialise(ModelConfig config, WeightOrder order, Scope scope, long seed) {
        // java.util.Random: its algorithm is part of its specification, so a seed means the same everywhere.
        Random random = new Random(seed);
        List<Tensor> tensors = new ArrayList<>();
        SortedMap<String, DType> types = new TreeMap<>();
        for (String name : order.names()) {
            long[] shape =
                    config.shapeOf(name).stream().mapToLong(Long::longValue).toArray();
            long elements = shape.length == 1 ? shape[0] : Math.multiplyExact(shape[0], shape[1]);
            boolean norm = name.endsWith("norm.weight");
            boolean bias = name.endsWith(".bias");
            tensors.add(scope.filled(
                    memory -> {
                        for (long i = 0; i < elements; i++) {
                            double value = norm ? 1 : bias ? 0 : random.nextGaussian() * config.initializerRange();
                            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
                        }
                    },
                    shape));
            types.put(name, config.dtype());
        }
        return new Weights(tensors, types);
    }

    private static TrainerException invalid(Path directory, String what) {
        return new TrainerException(Fault.MODEL_INVALID, directory + " " + what);
    }
}
