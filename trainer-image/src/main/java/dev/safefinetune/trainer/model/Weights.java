package dev.safefinetune.trainer.model;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Kernels;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.kernel.WeightOrder;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.StoredTensor;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Scope;
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
 * @param tensors in the precision asked for, each in its checkpoint's shape
 * @param types element type of each in the checkpoint, by name
 */
record Weights(List<Tensor> tensors, SortedMap<String, DType> types) {
    /** libtorch's numbers of element types. */
    private static final Map<DType, Long> TYPE = Map.of(DType.F32, 6L, DType.F16, 5L, DType.BF16, 15L);

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Maps a checkpoint. What is of the precision's own type stays in the file's pages, what is not is copied. */
    static Weights load(
            Path directory, ModelConfig config, WeightOrder order, Kernels kernels, Scope scope, Precision precision) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            check(directory, config, order, checkpoint.tensors());
            Map<String, Tensor> files = new HashMap<>();
            List<Tensor> tensors = new ArrayList<>();
            SortedMap<String, DType> types = new TreeMap<>();
            for (String name : order.names()) {
                StoredTensor stored = stored(checkpoint.tensors(), name);
                types.put(name, stored.dtype());
                tensors.add(tensor(stored, files, kernels, scope, precision));
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
            List<Long> shape = order.shapeOf(name, config.vocabularySize());
            if (!stored.shape().equals(shape)) {
                throw invalid(
                        directory, "tensor " + name + " is " + stored.shape() + ", its config.json asks for " + shape);
            }
            if (!TYPE.containsKey(stored.dtype())) {
                throw invalid(directory, "tensor " + name + " is " + stored.dtype() + ", supported are F32, F16, BF16");
            }
        }
        requireTiedHead(directory, config, order, found);
        for (String name : found.keySet()) {
            boolean known = names.contains(name)
                    || name.endsWith(".rotary_emb.inv_freq")
                    || name.equals(order.head()) && config.tiedHead();
            if (!known) {
                throw invalid(directory, "has a tensor that its architecture does not have: " + name);
            }
        }
    }

    /** A tied head that is in the file as well has to be the embedding: whoever trained another one would lose it. */
    private static void requireTiedHead(
            Path directory, ModelConfig config, WeightOrder order, SortedMap<String, StoredTensor> found) {
        StoredTensor head = found.get(order.head());
        StoredTensor embedding = found.get(order.names().getFirst());
        if (config.tiedHead() && head != null && embedding != null) {
            boolean same = head.dtype() == embedding.dtype() && head.data().mismatch(embedding.data()) < 0;
            if (!same) {
                throw invalid(
                        directory,
                        "has a tensor " + order.head() + " other than its embedding, although its config.json has"
                                + " tie_word_embeddings true; set that to false, or leave the tensor out");
            }
        }
    }

    private static Tensor tensor(
            StoredTensor stored, Map<String, Tensor> files, Kernels kernels, Scope scope, Precision precision) {
        int width = stored.dtype().bytes();
        if (stored.offset() % width != 0) {
            return kernels.in(scope, scope.filled(memory -> widen(stored, memory), stored.dimensions()), precision);
        }
        String path = stored.file().toString();
        Tensor file = files.computeIfAbsent(path + width + stored.dtype(), key -> {
            long elements = stored.file().toFile().length() / width;
            return kernels.mapped(scope, path, type(stored.dtype()), elements);
        });
        int[] shape = stored.shape().stream().mapToInt(Math::toIntExact).toArray();
        int[] stride = shape.length == 1 ? new int[] {1} : new int[] {shape[1], 1};
        return kernels.part(scope, file, stored.offset() / width, shape, stride, precision);
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
        double gain = config.architecture().norms().offset() ? 0 : 1;
        List<Tensor> tensors = new ArrayList<>();
        SortedMap<String, DType> types = new TreeMap<>();
        for (String name : order.names()) {
            long[] shape = order.shapeOf(name, config.vocabularySize()).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            long elements = shape.length == 1 ? shape[0] : Math.multiplyExact(shape[0], shape[1]);
            boolean norm = name.endsWith("norm.weight");
            boolean bias = name.endsWith(".bias");
            tensors.add(scope.filled(
                    memory -> {
                        for (long i = 0; i < elements; i++) {
                            double value = norm ? gain : bias ? 0 : random.nextGaussian() * config.initializerRange();
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
