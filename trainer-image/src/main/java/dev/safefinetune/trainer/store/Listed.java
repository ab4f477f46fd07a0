package dev.safefinetune.trainer.store;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.PublishedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which files the manifest of an {@link AtomicDirectory} lists, and which it does not. */
final class Listed {
    /** A manifest of ours has a line for each file of a model; a longer one is somebody else's. */
    private static final long MOST_MANIFEST_BYTES = 16L << 20;

    private Listed() {}

    /** A file of an earlier result that its manifest does not list, by its path in the directory. */
    static Optional<String> unlisted(Path directory) {
        Set<String> listed = listed(directory.resolve(AtomicDirectory.MANIFEST));
        Predicate<String> isListed = isListed(directory);
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(p -> !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
                    .map(p -> directory.relativize(p).toString().replace('\\', '/'))
                    .filter(name -> isListed.test(name) && !listed.contains(name))
                    .min(Comparator.naturalOrder());
        } catch (IOException | UncheckedIOException e) {
            throw new TrainerException(
                    Fault.OUTPUT_NOT_WRITABLE,
                    "output " + directory + " holds an earlier result that cannot be read",
                    e);
        }
    }

    /** What is no manifest of ours lists nothing. */
    private static Set<String> listed(Path manifest) {
        try {
            return Files.size(manifest) > MOST_MANIFEST_BYTES
                    ? Set.of()
                    : Set.copyOf(Digests.names(Files.readString(manifest)));
        } catch (IOException e) {
            return Set.of();
        }
    }

    /** All but the manifest and what signs it. A model.sig is somebody else's where no statement lies beside it. */
    static Predicate<String> isListed(Path directory) {
        boolean signed = Files.isRegularFile(directory.resolve(PublishedFiles.STATEMENT), LinkOption.NOFOLLOW_LINKS);
        return name -> !name.equals(AtomicDirectory.MANIFEST) && !(signed && PublishedFiles.isSignature(name));
    }
}
