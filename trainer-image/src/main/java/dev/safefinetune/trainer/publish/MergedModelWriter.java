package dev.safefinetune.trainer.publish;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.adapter.MergedWeights;
import dev.safefinetune.trainer.adapter.MergedWeights.Form;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.SafetensorsSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
        SortedMap<String, Form> forms = MergedWeights.forms(model);
        Map<String, String> files = files(base, forms);
        Map<String, SafetensorsSink> sinks = new HashMap<>();
        try {
            open(directory, forms, files).forEach(sinks::put);
            MergedWeights.write(
                    model,
                    adapter,
                    (name, dtype, shape, bytes) -> sink(sinks, files, name).put(name, bytes));
            sinks.values().forEach(SafetensorsSink::finish);
        } finally {
            sinks.values().forEach(SafetensorsSink::close);
        }
        if (Files.exists(base.resolve(Checkpoint.INDEX))) {
            index(directory, forms, files);
        }
    }

    /** Which file each tensor goes to: that of the base, or the first where the base has no such tensor. */
    private static Map<String, String> files(Path base, SortedMap<String, Form> forms) {
        Map<String, String> files = new HashMap<>();
        SortedMap<String, String> shards = Files.exists(base.resolve(Checkpoint.INDEX))
                ? Checkpoint.readIndex(base.resolve(Checkpoint.INDEX))
                : new TreeMap<>();
        String otherwise = shards.isEmpty()
                ? Checkpoint.SINGLE
                : shards.values().stream().sorted().findFirst().orElseThrow();
        forms.keySet().forEach(name -> files.put(name, shards.getOrDefault(name, otherwise)));
        return files;
    }

    private static Map<String, SafetensorsSink> open(
            Path directory, SortedMap<String, Form> forms, Map<String, String> files) {
        Map<String, List<SafetensorsSink.Form>> byFile = new TreeMap<>();
        forms.forEach((name, form) -> byFile.computeIfAbsent(file(files, name), f -> new ArrayList<>())
                .add(new SafetensorsSink.Form(name, form.dtype(), form.shape())));
        Map<String, SafetensorsSink> sinks = new HashMap<>();
        byFile.forEach((file, inIt) -> sinks.put(file, SafetensorsSink.open(directory.resolve(file), inIt)));
        return sinks;
    }

    private static SafetensorsSink sink(Map<String, SafetensorsSink> sinks, Map<String, String> files, String name) {
        SafetensorsSink sink = sinks.get(file(files, name));
        if (sink == null) {
            throw new IllegalStateException("no file is open for tensor " + name);
        }
        return sink;
    }

    private static String file(Map<String, String> files, String name) {
        return files.getOrDefault(name, Checkpoint.SINGLE);
    }

    private static void index(Path directory, SortedMap<String, Form> forms, Map<String, String> files) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        long total = forms.entrySet().stream()
                .mapToLong(e -> new SafetensorsSink.Form(
                                e.getKey(), e.getValue().dtype(), e.getValue().shape())
                        .bytes())
                .sum();
        root.putObject("metadata").put("total_size", total);
        ObjectNode map = root.putObject("weight_map");
        forms.keySet().forEach(name -> map.put(name, file(files, name)));
        DurableFiles.write(directory.resolve(Checkpoint.INDEX), root.toPrettyString() + "\n");
    }
}
