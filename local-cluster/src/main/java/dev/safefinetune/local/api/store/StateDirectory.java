package dev.safefinetune.local.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.ObjectKey;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** One file an object, {@code <resource>/<namespace or _>/<name>.json}; a file is replaced whole or not at all. */
final class StateDirectory {
    private static final String NO_NAMESPACE = "_";

    /** Leases name holders that end with the cluster, events are news: neither outlives it. */
    private static final Set<String> NOT_KEPT = Set.of("leases.coordination.k8s.io", "events");

    private final Path root;

    StateDirectory(Path root) {
        this.root = root;
    }

    void forEach(BiConsumer<ObjectKey, ObjectNode> consumer) {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root, 3)) {
            files.filter(f -> f.toString().endsWith(".json") && Files.isRegularFile(f))
                    .forEach(f -> {
                        Path inside = root.relativize(f);
                        String namespace = inside.getName(1).toString();
                        String file = inside.getName(2).toString();
                        ObjectKey key = new ObjectKey(
                                inside.getName(0).toString(),
                                namespace.equals(NO_NAMESPACE) ? "" : namespace,
                                file.substring(0, file.length() - ".json".length()));
                        consumer.accept(key, read(f));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the cluster's state under " + root, e);
        }
    }

    private static ObjectNode read(Path file) {
        try {
            return (ObjectNode) Serialization.jsonMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    void write(ObjectKey key, ObjectNode object) {
        if (NOT_KEPT.contains(key.resource())) {
            return;
        }
        Path file = file(key);
        try {
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
            Files.write(fresh, Serialization.jsonMapper().writeValueAsBytes(object));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep " + file, e);
        }
    }

    void remove(ObjectKey key) {
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file(key), e);
        }
    }

    private Path file(ObjectKey key) {
        return root.resolve(key.resource())
                .resolve(key.namespace().isEmpty() ? NO_NAMESPACE : key.namespace())
                .resolve(key.name() + ".json");
    }
}
