package dev.safefinetune.trainer.store;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A directory that appears whole or not at all.
 *
 * <p>Its files are written to a hidden directory beside it, flushed to disk and listed with their digests in
 * {@value #MANIFEST}; one rename makes it visible. A process that is killed at any byte leaves nothing under the
 * directory's name; what it left under the hidden name is removed by the next attempt.
 */
public final class AtomicDirectory {
    /** Digests of all other files, as {@code sha256sum -c} checks them. */
    public static final String MANIFEST = "manifest.sha256";

    private static final String WRITING = ".writing-";
    private static final String REPLACED = ".replaced-";

    private AtomicDirectory() {}

    /**
     * Writes a directory.
     *
     * @param target absent, empty, or an earlier result that was written by this method and is replaced
     * @param writer fills the directory that it is given
     * @throws TrainerException {@link Fault#OUTPUT_NOT_WRITABLE} when something else lies there; whatever the writer
     *     throws, after which nothing has changed
     */
    public static void write(Path target, Consumer<Path> writer) {
        Path directory = target.toAbsolutePath().normalize();
        checkWritable(directory);
        Path parent = Objects.requireNonNull(directory.getParent());
        removeLeftovers(parent, hidden(directory, WRITING));
        Path writing = parent.resolve(hidden(directory, WRITING) + UUID.randomUUID());
        try {
            Files.createDirectories(writing);
            writer.accept(writing);
            DurableFiles.write(writing.resolve(MANIFEST), Digests.listing(writing, name -> !name.equals(MANIFEST)));
            DurableFiles.flushTree(writing);
            publish(writing, directory, parent);
        } catch (IOException e) {
            DurableFiles.deleteTree(writing);
            throw TrainerException.storage("write", directory, e);
        } catch (RuntimeException e) {
            DurableFiles.deleteTree(writing);
            throw e;
        }
    }

    private static void publish(Path writing, Path directory, Path parent) throws IOException {
        Path replaced = parent.resolve(hidden(directory, REPLACED) + UUID.randomUUID());
        boolean replaces = isWhole(directory);
        if (replaces) {
            Files.move(directory, replaced, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(writing, directory, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.flush(parent);
        removeLeftovers(parent, hidden(directory, REPLACED));
    }

    private static String hidden(Path directory, String suffix) {
        return "." + directory.getFileName() + suffix;
    }

    private static void removeLeftovers(Path parent, String prefix) {
        if (!Files.isDirectory(parent)) {
            return;
        }
        List<Path> leftovers;
        try (Stream<Path> entries = Files.list(parent)) {
            leftovers = entries.filter(p -> String.valueOf(p.getFileName()).startsWith(prefix))
                    .toList();
        } catch (IOException e) {
            throw TrainerException.storage("list", parent, e);
        }
        leftovers.forEach(DurableFiles::deleteTree);
    }

    /** Whether a directory was written by {@link #write}; its manifest is the last thing that is written. */
    public static boolean isWhole(Path directory) {
        return Files.isRegularFile(directory.resolve(MANIFEST));
    }

    /**
     * Checks that every file is what the manifest says, and that there is no other.
     *
     * @throws TrainerException {@link Fault#ARTIFACT_CHANGED} when it is not
     */
    public static void verify(Path directory) {
        String stated;
        try {
            stated = Files.readString(directory.resolve(MANIFEST));
        } catch (IOException e) {
            throw new TrainerException(Fault.ARTIFACT_CHANGED, directory + " has no readable " + MANIFEST, e);
        }
        if (!stated.equals(Digests.listing(directory, name -> !name.equals(MANIFEST)))) {
            throw new TrainerException(Fault.ARTIFACT_CHANGED, directory + " is not what its " + MANIFEST + " states");
        }
    }

    /**
     * Checks that {@link #write} could write a directory, by making and removing one beside it.
     *
     * @throws TrainerException {@link Fault#OUTPUT_NOT_WRITABLE} saying why not
     */
    public static void checkWritable(Path target) {
        Path directory = target.toAbsolutePath().normalize();
        Path parent = directory.getParent();
        if (parent == null) {
            throw new TrainerException(Fault.OUTPUT_NOT_WRITABLE, "output " + target + " must not be the root");
        }
        checkFree(target, directory);
        try {
            Files.createDirectories(parent);
            Files.delete(Files.createTempDirectory(parent, hidden(directory, WRITING)));
        } catch (IOException e) {
            throw new TrainerException(
                    Fault.OUTPUT_NOT_WRITABLE, "output " + target + " cannot be written: " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException inTheWay -> "a file lies where a directory must be";
            case FileSystemException told when told.getReason() != null -> told.getReason();
            default -> e.getClass().getSimpleName();
        };
    }

    private static void checkFree(Path target, Path directory) {
        if (!Files.exists(directory) || isWhole(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw new TrainerException(Fault.OUTPUT_NOT_WRITABLE, "output " + target + " is a file, not a directory");
        }
        if (isVolume(directory)) {
            throw new TrainerException(
                    Fault.OUTPUT_NOT_WRITABLE,
                    "output " + target + " is a whole volume, which no rename can replace; name a directory in it");
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new TrainerException(
                        Fault.OUTPUT_NOT_WRITABLE,
                        "output " + target + " is not empty and holds no earlier result of this trainer");
            }
        } catch (IOException e) {
            throw new TrainerException(
                    Fault.OUTPUT_NOT_WRITABLE, "output " + target + " cannot be listed: " + e.getMessage(), e);
        }
    }

    /** Whether a directory is the root of a mounted volume, or a link that stands for one. */
    private static boolean isVolume(Path directory) {
        try {
            Path parent = Objects.requireNonNull(directory.getParent());
            return Files.isSymbolicLink(directory)
                    || !Files.getFileStore(directory).equals(Files.getFileStore(parent));
        } catch (IOException e) {
            throw TrainerException.storage("inspect", directory, e);
        }
    }
}
