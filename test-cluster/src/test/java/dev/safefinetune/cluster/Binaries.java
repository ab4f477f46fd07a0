package dev.safefinetune.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where {@code test-cluster/build-tools} has put a program. */
public final class Binaries {
    private Binaries() {}

    /**
     * The program of the version that its Go module names.
     *
     * @throws IllegalStateException where it is missing, naming the command that builds it
     */
    public static Path program(String name) throws IOException {
        Process process = new ProcessBuilder("./build-tools", "--where", name).start();
        String path = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return existing(Path.of(path));
    }

    static Path existing(Path program) {
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(program.getFileName() + " is missing in " + program.getParent()
                    + ": run test-cluster/build-tools " + program.getFileName() + ", which builds it once");
        }
        return program;
    }
}
