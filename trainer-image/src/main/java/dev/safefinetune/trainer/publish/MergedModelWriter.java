package dev.safefinetune.trainer.publish;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.adapter.MergedWeights;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a whole model: the base's configuration, tokenizer and template as they are, and the weights with the user's
 * adapter merged in, in the base's shards.
 */
public final class MergedModelWriter {
    private MergedModelWriter() {}

    /**
     * Writes a model.
     *
     * @param base directory of the model it was made from
     * @param model the same model, loaded; after a full fine-tune with changed weights
     * @param adapter what to merge; absent after a full fine-tune
     * @param directory exists and is empty
     */
    public static void write(Path base, CausalModel model, @Nullable Adapter adapter, Path directory) {
        for (String name : Digests.files(base)) {
            if (ModelDirectory.isModelFile(name) && !name.endsWith(".safetensors") && !name.equals(Checkpoint.INDEX)) {
                Digests.copy(base.resolve(name), directory.resolve(name));
            }
        }
        SortedMap<String, String> shards =
                Checkpoint.index(base).map(Checkpoint::readIndex).orElseGet(TreeMap::new);
        try (MergedWeights weights = new MergedWeights(model, adapter)) {
            List<OutgoingTensor> tensors = weights.tensors();
            Map<String, List<OutgoingTensor>> byFile = tensors.stream()
                    .collect(Collectors.groupingBy(t -> file(shards, t.name()), TreeMap::new, Collectors.toList()));
            byFile.forEach((file, inIt) -> SafetensorsWriter.write(directory.resolve(file), inIt));
            if (!shards.isEmpty()) {
                index(directory, tensors, shards);
            }
        }
    }

    /** The base's shard; the first one for a tensor that the base does not have. */
    private static String file(SortedMap<String, String> shards, String name) {
        return shards.isEmpty()
                ? Checkpoint.SINGLE
                : shards.getOrDefault(
                        name, shards.values().stream().min(String::compareTo).orElseThrow());
    }

    private static void index(Path directory, List<OutgoingTensor> tensors, SortedMap<String, String> shards) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.putObject("metadata")
                .put(
                        "total_size",
                        tensors.stream().mapToLong(OutgoingTensor::bytes).sum());
        ObjectNode map = root.putObject("weight_map");
        tensors.forEach(t -> map.put(t.name(), file(shards, t.name())));
        DurableFiles.write(directory.resolve(Checkpoint.INDEX), root.toPrettyString() + "\n");
    }
}
