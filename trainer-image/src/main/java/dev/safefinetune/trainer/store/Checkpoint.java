package dev.safefinetune.trainer.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** All tensors of a model directory, from one safetensors file or from the shards that its index names. */
public final class Checkpoint implements AutoCloseable {
    public static final String SINGLE = "model.safetensors";
    public static final String INDEX = "model.safetensors.index.json";

    private static final int MAX_INDEX_BYTES = 32 << 20;
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.\\-]*\\.safetensors");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path directory;
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final SortedMap<String, StoredTensor> tensors = new TreeMap<>();

    private Checkpoint(Path directory) {
        this.directory = directory;
    }

    /**
     * Maps and checks the checkpoint of a directory.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} naming the file and what is wrong with it
     */
    public static Checkpoint open(Path directory) {
        Checkpoint checkpoint = new Checkpoint(directory);
        try {
            Optional<Path> index = index(directory);
            if (index.isPresent()) {
                checkpoint.addShards(directory, readIndex(index.get()));
            } else {
                checkpoint.add(directory.resolve(SINGLE));
            }
            return checkpoint;
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /** The index by which a directory is read; none beside a single file, which transformers loads as well. */
    public static Optional<Path> index(Path directory) {
        Path index = directory.resolve(INDEX);
        return Files.exists(index) && !Files.exists(directory.resolve(SINGLE)) ? Optional.of(index) : Optional.empty();
    }

    /** Files of weights that lie in a directory and are not read, such as an index beside a single file. */
    public static SortedSet<String> notRead(Path directory) {
        SortedSet<String> files = new TreeSet<>();
        for (String name : ModelDirectory.names(directory)) {
            if (name.equals(INDEX) || name.endsWith(".safetensors")) {
                files.add(name);
            }
        }
        Optional<Path> index = index(directory);
        files.removeAll(index.isPresent() ? readIndex(index.get()).values() : List.of(SINGLE));
        index.ifPresent(i -> files.remove(INDEX));
        return files;
    }

    private void add(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        files.add(file);
        file.tensors().forEach((name, tensor) -> {
            if (tensors.put(name, tensor) != null) {
                throw SafetensorsHeader.invalid(path, "holds tensor " + name + ", which another shard holds too");
            }
        });
    }

    private void addShards(Path directory, SortedMap<String, String> weightMap) {
        for (String shard : new TreeSet<>(weightMap.values())) {
            add(directory.resolve(shard));
        }
        Path index = directory.resolve(INDEX);
        weightMap.forEach((name, shard) -> {
            StoredTensor tensor = tensors.get(name);
            if (tensor == null || !tensor.file().equals(directory.resolve(shard))) {
                throw SafetensorsHeader.invalid(index, "says that tensor " + name + " is in " + shard + ", it is not");
            }
        });
        tensors.keySet().stream()
                .filter(n -> !weightMap.containsKey(n))
                .findFirst()
                .ifPresent(n -> {
                    throw SafetensorsHeader.invalid(index, "does not name tensor " + n + ", which a shard holds");
                });
    }

    /** The index's map from tensor to shard; its {@code total_size} is often wrong in real files and is not trusted. */
    public static SortedMap<String, String> readIndex(Path index) {
        try {
            if (Files.size(index) > MAX_INDEX_BYTES) {
                throw SafetensorsHeader.invalid(index, "is larger than " + MAX_INDEX_BYTES + " bytes");
            }
            JsonNode map = JSON.readTree(Files.readAllBytes(index)).path("weight_map");
            if (!map.isObject() || map.isEmpty()) {
                throw SafetensorsHeader.invalid(index, "has no weight_map");
            }
            SortedMap<String, String> shards = new TreeMap<>();
            for (Map.Entry<String, JsonNode> e : map.properties()) {
                String shard = e.getValue().asText("");
                if (!SHARD.matcher(shard).matches()) {
                    throw SafetensorsHeader.invalid(index, "names a shard that is no safetensors file beside it");
                }
                shards.put(e.getKey(), shard);
            }
            return shards;
        } catch (JsonProcessingException e) {
            String reason = e.getOriginalMessage();
            throw SafetensorsHeader.invalid(
                    index,
                    reason.startsWith("Duplicate field") ? "names a tensor twice (" + reason + ")" : "is not JSON");
        } catch (IOException e) {
            throw TrainerException.storage("read", index, e);
        }
    }

    /** Tensors by name. */
    public SortedMap<String, StoredTensor> tensors() {
        return Collections.unmodifiableSortedMap(tensors);
    }

    /**
     * A tensor that must be there.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} when it is not
     */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw SafetensorsHeader.invalid(directory, "has no tensor " + name);
        }
        return tensor;
    }

    /** Unmaps all files: their tensors must not be touched any more. */
    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }
}
