package dev.safefinetune.trainer.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.PublishedFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A Hugging Face model directory that was checked: configuration, tokenizer and whole safetensors are there, and nothing
 * in it would run code.
 *
 * @param path where it lies
 * @param config {@code config.json}
 */
public record ModelDirectory(Path path, JsonNode config) {
    public static final String CONFIG = "config.json";
    public static final String TOKENIZER = "tokenizer.json";
    public static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    public static final String CHAT_TEMPLATE = "chat_template.jinja";
    public static final String GENERATION_CONFIG = "generation_config.json";
    public static final String ADAPTER_CONFIG = "adapter_config.json";
    public static final String ADAPTER_WEIGHTS = "adapter_model.safetensors";

    /** Pickle runs code when it is read. None is ever read, and where weights lie in nothing else the model is refused. */
    private static final List<String> PICKLE = List.of(".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt");

    private static final String WEIGHTS = ".safetensors";

    private static final int MAX_JSON = 64 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Checks a directory.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} naming the file and what is wrong
     */
    public static ModelDirectory inspect(Path directory) {
        requireDirectory(directory);
        refuseCode(directory);
        refusePointers(directory);
        JsonNode config = readObject(directory.resolve(CONFIG));
        refuseRemoteCode(directory.resolve(CONFIG), config);
        readObject(directory.resolve(TOKENIZER));
        Path tokenizerConfig = directory.resolve(TOKENIZER_CONFIG);
        if (Files.exists(tokenizerConfig)) {
            refuseRemoteCode(tokenizerConfig, readObject(tokenizerConfig));
        }
        Checkpoint.open(directory).close();
        return new ModelDirectory(directory, config);
    }

    /** Whether a file is part of a model or an adapter; anything else in its directory is neither copied nor hashed. */
    public static boolean isModelFile(String name) {
        return PublishedFiles.isModelFile(name);
    }

    /**
     * The digest of a model or an adapter: that of its {@linkplain #isModelFile files}. Card, report and manifest are
     * not part of it, so a model has the same digest where it was published and where it is the base of another run.
     */
    public static Digest digest(Path directory) {
        return Digests.ofDirectory(directory, ModelDirectory::isModelFile);
    }

    /**
     * The {@link #digest} of the directory that a manifest was made of.
     *
     * @param manifest as {@link Digests#listing} writes it
     */
    public static Digest digestOf(String manifest) {
        return Digests.ofBytes(
                Digests.part(manifest, ModelDirectory::isModelFile).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Copies a model's or an adapter's files to a new directory and hashes what is written there while it is written, so that
     * nobody can change the source between check and use, and many gigabytes are not read twice.
     */
    public static Digest copy(Path from, Path to) {
        return copy(from, Path.of("/"), to);
    }

    /**
     * The same of a directory that a user named.
     *
     * @param volume on which its files have to lie
     * @throws TrainerException {@link Fault#MODEL_INVALID} where one does not
     */
    public static Digest copy(Path from, Path volume, Path to) {
        requireDirectory(from);
        refuseCode(from);
        refusePointers(from);
        try {
            Files.createDirectories(to);
        } catch (IOException e) {
            throw TrainerException.storage("create", to, e);
        }
        StringBuilder listing = new StringBuilder();
        for (String name : modelFiles(from)) {
            try (VolumeFile file = VolumeFile.open(volume, from.resolve(name), Fault.MODEL_INVALID)) {
                listing.append(Digests.line(Digests.copy(file.path(), to.resolve(name)), name));
            }
        }
        return digestOf(listing.toString());
    }

    /** Copies a model's tokenizer and chat template beside an adapter, so that whoever gets the one has the other. */
    public static void copyTokenizer(Path from, Path to) {
        names(from).stream()
                .filter(PublishedFiles.TOKENIZER::contains)
                .forEach(name -> Digests.copy(from.resolve(name), to.resolve(name)));
    }

    /**
     * Reads a JSON object of a model.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} when the file is missing or not a JSON object
     */
    public static JsonNode readObject(Path file) {
        if (!Files.isRegularFile(file)) {
            throw invalid(file.getParent() + " has no " + file.getFileName());
        }
        try {
            if (Files.size(file) > MAX_JSON) {
                throw invalid(file + " is larger than " + MAX_JSON + " bytes");
            }
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw invalid(file + " is not a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
            throw invalid(file + " is not JSON" + where);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }

    /**
     * Refuses a git-lfs pointer in place of any file of a model or an adapter.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} naming the file
     */
    public static void refusePointers(Path directory) {
        if (Files.isDirectory(directory)) {
            names(directory).stream()
                    .filter(ModelDirectory::isModelFile)
                    .forEach(name -> LfsPointer.refuse(directory.resolve(name)));
        }
    }

    /** The files of a model or an adapter that lie in a directory, in the order of a listing. */
    public static List<String> modelFiles(Path directory) {
        return names(directory).stream()
                .filter(ModelDirectory::isModelFile)
                .sorted(Digests.BYTEWISE)
                .toList();
    }

    /** What lies in a directory itself, in order. */
    static List<String> names(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(p -> String.valueOf(p.getFileName())).sorted().toList();
        } catch (IOException e) {
            throw TrainerException.storage("list", directory, e);
        }
    }

    private static void requireDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw invalid("model directory " + directory + " does not exist");
        }
    }

    private static void refuseCode(Path directory) {
        if (names(directory).stream().anyMatch(name -> name.endsWith(WEIGHTS) || name.equals(Checkpoint.INDEX))) {
            return;
        }
        pickles(directory).stream().findFirst().ifPresent(name -> {
            throw invalid(directory + " holds " + name
                    + ", a pickle file, which can run code, and no safetensors; only these are read");
        });
    }

    /** Files that lie in a directory and are never read, such as what a trainer left of its optimizer. */
    public static List<String> pickles(Path directory) {
        return names(directory).stream().filter(ModelDirectory::isPickle).toList();
    }

    private static boolean isPickle(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return PICKLE.stream().anyMatch(lower::endsWith);
    }

    private static void refuseRemoteCode(Path file, JsonNode node) {
        if (node.hasNonNull("auto_map")) {
            throw invalid(file + " has auto_map: code from a model's repository is never run");
        }
    }

    private static TrainerException invalid(String message) {
        return new TrainerException(Fault.MODEL_INVALID, message);
    }
}
