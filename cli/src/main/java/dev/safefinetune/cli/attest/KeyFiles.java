package dev.safefinetune.cli.attest;

import dev.safefinetune.attest.AttestException;
import dev.safefinetune.attest.KeyRing;
import dev.safefinetune.attest.VerifyingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Public keys as files, and of a directory all that end in .pub or .pem. */
public final class KeyFiles {
    private static final long LONGEST = 64 * 1024;

    private KeyFiles() {}

    /**
     * Reads them.
     *
     * @throws AttestException naming the file that is no key, or the directory without one
     * @throws IOException where one cannot be read
     */
    public static KeyRing read(List<Path> named) throws AttestException, IOException {
        List<VerifyingKey> keys = new ArrayList<>();
        for (Path path : named) {
            for (Path file : files(path)) {
                if (Files.size(file) > LONGEST) {
                    throw new AttestException(file + " is too long for a public key");
                }
                keys.add(VerifyingKey.parse(file.toString(), Files.readString(file)));
            }
        }
        return new KeyRing(keys);
    }

    private static List<Path> files(Path path) throws AttestException, IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (var inside = Files.list(path)) {
            List<Path> files = inside.filter(file -> file.toString().matches(".*\\.(pub|pem)"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new AttestException(path + " holds no file that ends in .pub or .pem");
            }
            return files;
        }
    }
}
