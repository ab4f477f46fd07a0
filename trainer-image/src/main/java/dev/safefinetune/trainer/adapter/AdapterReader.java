package dev.safefinetune.trainer.adapter;

import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.FiniteWeights;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.SafetensorsFile;
import dev.safefinetune.trainer.store.StoredTensor;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** Reads an adapter in PEFT's format. Which layers it touches is what its tensors say. */
final class AdapterReader {
    static final String FILE = "adapter_model.safetensors";
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private AdapterReader() {}

    static Adapter read(CausalModel model, Path directory) {
        ModelDirectory.refusePointers(directory);
        AdapterConfig config = AdapterConfig.read(directory);
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve(FILE))) {
            List<AdapterLayer> layers = layers(model.network(), config, file.tensors());
            Adapter adapter = new Adapter(model.network(), settings(config, layers), layers);
            try {
                for (int i = 0; i < layers.size(); i++) {
                    copy(config, file.tensors(), layers.get(i).keyOfA(), adapter.a(i), model.network());
                    copy(config, file.tensors(), layers.get(i).keyOfB(), adapter.b(i), model.network());
                }
                return adapter;
            } catch (RuntimeException e) {
                adapter.close();
                throw e;
            }
        }
    }

    private static List<AdapterLayer> layers(
            Network network, AdapterConfig config, SortedMap<String, StoredTensor> tensors) {
        List<AdapterLayer> layers = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (String module : network.order().modules()) {
            AdapterLayer layer = config.layer(module);
            if (tensors.containsKey(layer.keyOfA()) || tensors.containsKey(layer.keyOfB())) {
                layers.add(layer);
                known.add(layer.keyOfA());
                known.add(layer.keyOfB());
            }
        }
        tensors.keySet().stream().filter(k -> !known.contains(k)).findFirst().ifPresent(k -> {
            throw config.invalid(
                    "the adapter has a tensor for a layer that the model does not have, or of a kind that is"
                            + " not supported: " + k);
        });
        if (layers.isEmpty()) {
            throw config.invalid("the adapter has no tensors");
        }
        return layers;
    }

    private static LoraSettings settings(AdapterConfig config, List<AdapterLayer> layers) {
        TreeSet<String> names = new TreeSet<>();
        layers.forEach(l -> names.add(l.module().substring(l.module().lastIndexOf('.') + 1)));
        return config.settings(names);
    }

    private static void copy(
            AdapterConfig config, SortedMap<String, StoredTensor> tensors, String key, Tensor to, Network network) {
        StoredTensor from = tensors.get(key);
        if (from == null) {
            throw config.invalid("the adapter has no tensor " + key);
        }
        List<Long> wanted = List.of(to.size(0), to.size(1));
        if (!from.shape().equals(wanted)) {
            throw config.invalid("tensor " + key + " is " + from.shape() + ", rank and model ask for " + wanted);
        }
        if (from.dtype() != DType.F32 && from.dtype() != DType.F16 && from.dtype() != DType.BF16) {
            throw config.invalid("tensor " + key + " is " + from.dtype() + ", supported are F32, F16, BF16");
        }
        if (!FiniteWeights.isFinite(from)) {
            throw config.invalid("tensor " + key + " holds NaN or infinity; an adapter's weights are numbers");
        }
        float[] values = new float[Math.toIntExact(from.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (from.dtype()) {
                case F32 -> from.data().get(FLOAT, i * 4L);
                case F16 -> Float.float16ToFloat(from.data().get(SHORT, i * 2L));
                default -> Float.intBitsToFloat(from.data().get(SHORT, i * 2L) << 16);
            };
        }
        try (Scope scope = new Scope()) {
            network.kernels().copy(List.of(to), List.of(scope.of(values, to.shape())));
        }
    }
}
