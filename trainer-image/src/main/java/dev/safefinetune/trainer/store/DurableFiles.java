package dev.safefinetune.trainer.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** Writing so that a power cut or a kill leaves either the old state or the new one, never half of it. */
public final class DurableFiles {
    private DurableFiles() {}

    /** Replaces a file by one with this text: written beside it, flushed to disk, renamed, the directory flushed. */
    public static void write(Path file, String text) {
        Path absolute = file.toAbsolutePath();
        Path directory = java.util.Objects.requireNonNull(absolute.getParent());
        Path beside = directory.resolve("." + absolute.getFileName() + ".writing");
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                    beside,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(beside, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            flush(directory);
        } catch (IOException e) {
            throw TrainerException.storage("write", file, e);
        }
    }

    /** Creates a directory with its parents, and waits until their entries are on the disk. */
    public static void createDirectories(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            return;
        }
        Path parent = java.util.Objects.requireNonNull(absolute.getParent());
        createDirectories(parent);
        try {
            Files.createDirectories(absolute);
            flush(parent);
        } catch (IOException e) {
            throw TrainerException.storage("create", directory, e);
        }
    }

    /** Waits until a file's bytes, or a directory's entries, are on the disk. */
    static void flush(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Waits until everything in a directory is on the disk. */
    static void flushTree(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                flush(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                if (e != null) {
                    throw e;
                }
                flush(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Deletes a directory with all that is in it, if it is there; links are deleted, not followed. */
    public static void deleteTree(Path directory) {
        if (!Files.exists(directory, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path visited, @org.jspecify.annotations.Nullable IOException e) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw TrainerException.storage("delete", directory, e);
        }
    }
}
