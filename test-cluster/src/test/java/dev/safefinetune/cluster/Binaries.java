package dev.safefinetune.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where {@code test-cluster/build-tools} has put etcd and kube-apiserver. */
final class Binaries {
    private Binaries() {}

    /**
     * The directory of the versions that the Go modules name.
     *
     * @throws IllegalStateException where one is missing, naming the command that builds it
     */
    static Path directory() throws IOException {
        return directory(where());
    }

    static Path directory(Path binaries) {
        for (String name : List.of("etcd", "kube-apiserver")) {
            if (!Files.isExecutable(binaries.resolve(name))) {
                throw new IllegalStateException(
                        name + " is missing in " + binaries + ": run test-cluster/build-tools, which builds it once");
            }
        }
        return binaries;
    }

    private static Path where() throws IOException {
        Process process = new ProcessBuilder("./build-tools", "--where").start();
        String directory = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return Path.of(directory);
    }
}
