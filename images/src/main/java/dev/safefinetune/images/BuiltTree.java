package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The repository after {@code make build}, and what its images are called.
 *
 * @param root of the repository
 * @param version of the images, the chart's appVersion
 * @param revision commit of the sources; empty where that is not known
 */
record BuiltTree(Path root, String version, String revision) {
    Path at(String path) throws IOException {
        Path found = root.resolve(path);
        if (!Files.exists(found)) {
            throw new IOException("%s is missing: run make build".formatted(found));
        }
        return found;
    }

    /** Options of a file such as {@code java @file} reads: one a line, comments after #. */
    List<String> options(String path) throws IOException {
        List<String> options = new ArrayList<>();
        for (String line : Files.readAllLines(at(path))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                options.add(line.strip());
            }
        }
        return options;
    }
}
