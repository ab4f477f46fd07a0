package dev.safefinetune.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.runner.ClaimController;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One object of a manifest file.
 *
 * @param file where it stands
 * @param object as written, with a claim's directory made absolute
 */
record Manifest(Path file, ObjectNode object) {
    private static final String CLAIM_DIRECTORY = "/metadata/annotations";

    /**
     * Reads manifests in the order given; of a directory its {@code *.yaml} and {@code *.yml} files by name.
     *
     * @throws IOException naming what cannot be read
     */
    static List<Manifest> read(List<Path> paths) throws IOException {
        List<Manifest> all = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new IOException(path + ": no such file or directory");
            }
            for (Path file : Files.isDirectory(path) ? manifestsIn(path) : List.of(path)) {
                readFile(file, all);
            }
        }
        return all;
    }

    private static List<Path> manifestsIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(
                            f -> f.toString().endsWith(".yaml") || f.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        }
    }

    private static void readFile(Path file, List<Manifest> all) throws IOException {
        try (MappingIterator<JsonNode> documents =
                Serialization.yamlMapper().readerFor(JsonNode.class).readValues(Files.readString(file))) {
            while (documents.hasNextValue()) {
                JsonNode document = documents.nextValue();
                if (document == null || document.isNull() || document.isMissingNode()) {
                    continue;
                }
                if (!(document instanceof ObjectNode object) || !object.hasNonNull("kind")) {
                    throw new IOException(file + ": a manifest needs apiVersion, kind and metadata.name");
                }
                resolveClaim(file, object);
                all.add(new Manifest(file, object));
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IOException(file + ": " + e.getOriginalMessage(), e);
        }
    }

    private static void resolveClaim(Path file, ObjectNode object) {
        if (object.at(CLAIM_DIRECTORY) instanceof ObjectNode annotations
                && annotations.hasNonNull(ClaimController.PATH)) {
            Path beside = file.toAbsolutePath().getParent();
            Path directory = Path.of(annotations.path(ClaimController.PATH).asText());
            annotations.put(
                    ClaimController.PATH,
                    (beside == null ? directory : beside.resolve(directory))
                            .normalize()
                            .toString());
        }
    }

    String kind() {
        return object.path("kind").asText();
    }

    String name() {
        return object.at("/metadata/name").asText();
    }

    String namespace() {
        return object.at("/metadata/namespace").asText("default");
    }

    /** Whether this is a resource whose readiness is waited for. */
    boolean isRun() {
        return object.path("apiVersion").asText().startsWith("safefinetune.dev/")
                && (kind().equals("SafeFineTune") || kind().equals("SecurityVector"));
    }

    @Override
    public String toString() {
        return kind() + "/" + name();
    }
}
