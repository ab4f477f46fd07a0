package dev.safefinetune.attest;

import dev.safefinetune.contract.PublishedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What lies in a directory. No link is followed and nothing is opened that is no regular file.
 *
 * @param files that are no signatures and not the manifest, as they are on the disk
 * @param unfit what must not lie there, one sentence each
 */
record PublishedTree(Listing files, List<String> unfit) {
    private static final int CHUNK = 1 << 16;
    private static final int MOST_SIGNATURE_BYTES = 16 << 20;

    static PublishedTree of(Path directory) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        List<String> unfit = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = name(directory, file);
                if (attributes.isSymbolicLink()) {
                    unfit.add(name + " is a link");
                } else if (!attributes.isRegularFile()) {
                    unfit.add(name + " is no regular file");
                } else if (name.chars().anyMatch(Character::isISOControl)) {
                    unfit.add("a name has control characters");
                } else if (!name.equals(PublishedFiles.MANIFEST) && !PublishedFiles.isSignature(name)) {
                    files.put(name, digest(file));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                try (var inside = Files.list(folder)) {
                    if (!folder.equals(directory) && inside.findAny().isEmpty()) {
                        unfit.add(name(directory, folder) + " is an empty directory");
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new PublishedTree(Listing.of(files), List.copyOf(unfit));
    }

    private static String name(Path directory, Path file) {
        return directory.relativize(file).toString().replace('\\', '/');
    }

    /** A small file of the directory itself. */
    static byte[] read(Path directory, String name) throws IOException, AttestException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new AttestException("it is missing");
        }
        if (Files.size(file) > MOST_SIGNATURE_BYTES) {
            throw new AttestException("it is larger than " + MOST_SIGNATURE_BYTES + " bytes");
        }
        return Files.readAllBytes(file);
    }

    private static String digest(Path file) throws IOException {
        MessageDigest sha = Sha256.digest();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                sha.update(chunk, 0, n);
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }
}
