package dev.safefinetune.trainer.store;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.PublishedFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory that appears whole or not at all.
 *
 * <p>Its files are written to a hidden directory beside it, flushed to disk and listed with their digests in
 * {@value #MANIFEST}; one rename makes it visible, or one exchange where an earlier result lies there. A process that is killed
 * at any byte leaves nothing under the directory's name, or the earlier result; what it left under the hidden name is removed by
 * the next attempt. With an earlier result no file is removed that its manifest does not list: somebody has put that there.
 */
public final class AtomicDirectory {
    /** Digests of all other files, as {@code sha256sum -c} checks them. */
    public static final String MANIFEST = PublishedFiles.MANIFEST;

    private static final String WRITING = ".writing-";
    private static final String REPLACED = ".replaced-";
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

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
        write(target, writer, manifest -> {});
    }

    /**
     * Writes a directory that becomes visible only if a last look at its bytes allows it.
     *
     * @param target as in {@link #write(Path, Consumer)}
     * @param writer fills the directory that it is given
     * @param lastLook is given the manifest, which was made of the bytes on the disk just before, and throws where they are
     *     not to become visible
     * @throws TrainerException as {@link #write(Path, Consumer)}; whatever the last look throws, after which nothing has
     *     changed
     */
    public static void write(Path target, Consumer<Path> writer, Consumer<String> lastLook) {
        writeSigned(target, writer, manifest -> {
            lastLook.accept(manifest);
            return Map.of();
        });
    }

    /**
     * Writes a directory that is signed before it becomes visible.
     *
     * @param target as in {@link #write(Path, Consumer)}
     * @param writer fills the directory that it is given
     * @param signer is given the manifest, as the last look is, and gives the files that sign it, by name; they stand in no
     *     manifest
     * @throws TrainerException as {@link #write(Path, Consumer)}; whatever the signer throws, after which nothing has changed
     */
    public static void writeSigned(Path target, Consumer<Path> writer, Function<String, Map<String, String>> signer) {
        Path directory = target.toAbsolutePath().normalize();
        checkWritable(directory);
        Path parent = Objects.requireNonNull(directory.getParent());
        leftovers(parent, hidden(directory, WRITING)).forEach(DurableFiles::deleteTree);
        Path writing = fresh(directory, WRITING);
        try {
            Files.createDirectories(writing);
            writer.accept(writing);
            DurableFiles.flushTree(writing);
            String manifest = Digests.listing(writing, Listed.isListed(writing));
            DurableFiles.write(writing.resolve(MANIFEST), manifest);
            signer.apply(manifest).forEach((name, text) -> DurableFiles.write(writing.resolve(name), text));
            DurableFiles.flush(writing);
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
        if (isWhole(directory)) {
            replace(writing, directory, parent);
        } else {
            Files.move(writing, directory, StandardCopyOption.ATOMIC_MOVE);
        }
        DurableFiles.flush(parent);
        removeReplaced(directory, parent);
    }

    /** From the exchange on, the earlier result has a name under which nothing is deleted that its manifest does not list. */
    private static void replace(Path writing, Path directory, Path parent) throws IOException {
        Path replaced = fresh(directory, REPLACED);
        Files.move(writing, replaced, StandardCopyOption.ATOMIC_MOVE);
        exchange(replaced, directory);
        Optional<String> unlisted = Listed.unlisted(replaced);
        if (unlisted.isPresent()) {
            exchange(replaced, directory);
            DurableFiles.deleteTree(replaced);
            throw holdsMore(directory, unlisted.get());
        }
    }

    /** In one step, so that at no moment there is none; where the file system knows no such step, in three. */
    private static void exchange(Path hidden, Path directory) throws IOException {
        if (Native.exchange(hidden, directory) < 0) {
            Path aside = fresh(directory, REPLACED);
            Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
            Files.move(hidden, directory, StandardCopyOption.ATOMIC_MOVE);
            Files.move(aside, hidden, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static String hidden(Path directory, String suffix) {
        return "." + directory.getFileName() + suffix;
    }

    /** A name beside a directory that {@link #isLeftover} knows again: whatever is left under another is never removed. */
    private static Path fresh(Path directory, String suffix) {
        return directory.resolveSibling(hidden(directory, suffix) + UUID.randomUUID());
    }

    /** Removes earlier results. Each gets the name of an unfinished one first: half removed, its manifest would tell nothing. */
    private static void removeReplaced(Path directory, Path parent) throws IOException {
        for (Path each : leftovers(parent, hidden(directory, REPLACED))) {
            Path doomed = fresh(directory, WRITING);
            Files.move(each, doomed, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.deleteTree(doomed);
        }
    }

    private static List<Path> leftovers(Path parent, String prefix) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(p -> isLeftover(p, prefix)).toList();
        } catch (IOException e) {
            throw TrainerException.storage("list", parent, e);
        }
    }

    /** By its name, which nobody else gives; an earlier result that was moved aside also by its manifest. */
    private static boolean isLeftover(Path directory, String prefix) {
        String name = String.valueOf(directory.getFileName());
        return name.startsWith(prefix)
                && UUID_TEXT.matcher(name.substring(prefix.length())).matches()
                && (prefix.endsWith(WRITING) || Listed.unlisted(directory).isEmpty());
    }

    private static TrainerException holdsMore(Path target, String file) {
        return new TrainerException(
                Fault.OUTPUT_NOT_WRITABLE,
                "output %s holds the file %s, which the %s of the earlier result there does not list; move the file away,"
                                .formatted(target, file, MANIFEST)
                        + " or name another place");
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
        if (!stated.equals(Digests.listing(directory, Listed.isListed(directory)))) {
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
            Files.delete(Files.createDirectory(fresh(directory, WRITING)));
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
        if (!Files.exists(directory)) {
            return;
        }
        if (isWhole(directory)) {
            Listed.unlisted(directory).ifPresent(file -> {
                throw holdsMore(target, file);
            });
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
