package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An image's file system while it is put together. Paths inside it are written without a leading slash. */
record RootTree(Path root) {
    private static final Set<PosixFilePermission> FOR_ALL_TO_RUN = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> FOR_ALL_TO_READ = PosixFilePermissions.fromString("rw-r--r--");
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    /** An empty tree; what was there is removed. */
    static RootTree empty(Path root) throws IOException {
        delete(root);
        Files.createDirectories(root);
        return new RootTree(root);
    }

    Path at(String path) {
        return root.resolve(path);
    }

    void write(String path, String text) throws IOException {
        Files.createDirectories(at(path).getParent());
        Files.writeString(at(path), text);
    }

    void copy(Path from, String path) throws IOException {
        Files.createDirectories(at(path).getParent());
        Files.copy(from, at(path), StandardCopyOption.REPLACE_EXISTING);
    }

    void copyTree(Path from, String path) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                copy(file, path + "/" + from.relativize(file));
            }
        }
    }

    /** All regular files, in the order of their paths. */
    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Programs and shared libraries, in the order of their paths. */
    List<Path> binaries() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : files()) {
            try (var bytes = Files.newInputStream(file)) {
                if (Arrays.equals(bytes.readNBytes(ELF.length), ELF)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    /** Gives every file and directory the rights and the time that it has in the image. */
    void settle(Instant time) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.setPosixFilePermissions(directory, FOR_ALL_TO_RUN);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.setPosixFilePermissions(file, Files.isExecutable(file) ? FOR_ALL_TO_RUN : FOR_ALL_TO_READ);
                Files.setLastModifiedTime(file, FileTime.from(time));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Size of all files in bytes. */
    long bytes() throws IOException {
        long sum = 0;
        for (Path file : files()) {
            sum += Files.size(file);
        }
        return sum;
    }

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
