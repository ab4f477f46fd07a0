package dev.safefinetune.trainer.adapter;

import dev.safefinetune.trainer.kernel.HostCopies;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.SafetensorsWriter;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Writes an adapter in PEFT's format, float32. */
final class AdapterWriter {
    private AdapterWriter() {}

    static void write(Adapter adapter, Path directory, String baseModel) {
        try (HostCopies copies = new HostCopies(adapter.network().kernels())) {
            write(adapter, directory, baseModel, copies);
        }
    }

    private static void write(Adapter adapter, Path directory, String baseModel, HostCopies copies) {
        TreeSet<String> targets = new TreeSet<>();
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (int i = 0; i < adapter.layers().size(); i++) {
            AdapterLayer layer = adapter.layers().get(i);
            if (layer.rank() != adapter.settings().rank()
                    || layer.scale() != adapter.settings().scale()) {
                throw new IllegalStateException("an adapter with rank or alpha patterns is not written");
            }
            targets.add(layer.module().substring(layer.module().lastIndexOf('.') + 1));
            tensors.add(outgoing(copies, layer.keyOfA(), adapter.a(i)));
            tensors.add(outgoing(copies, layer.keyOfB(), adapter.b(i)));
        }
        Path config = directory.resolve(AdapterConfig.FILE);
        try {
            Files.writeString(config, AdapterConfig.write(adapter.settings(), List.copyOf(targets), baseModel));
        } catch (IOException e) {
            throw TrainerException.storage("write", config, e);
        }
        SafetensorsWriter.write(directory.resolve(AdapterReader.FILE), tensors);
    }

    private static OutgoingTensor outgoing(HostCopies copies, String key, Tensor tensor) {
        return new OutgoingTensor(key, DType.F32, List.of(tensor.size(0), tensor.size(1)), () -> copies.of(tensor));
    }
}
