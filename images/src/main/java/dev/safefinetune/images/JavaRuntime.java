package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * A Java runtime cut to what an application needs, by jlink from the JDK that runs this.
 *
 * @param modules the module list's file, see {@link ModuleList}
 */
record JavaRuntime(ModuleList modules) {
    /** Writes the runtime to a directory that is not there yet. */
    void writeTo(Path directory) throws IOException {
        Files.createDirectories(directory.getParent());
        List<String> arguments = new ArrayList<>(List.of(
                // A Linux package of a JDK links its certificates to the machine's own; they are replaced below.
                "--ignore-modified-runtime",
                "--add-modules",
                String.join(",", modules.kept()),
                "--compress=zip-6",
                "--no-header-files",
                "--no-man-pages",
                // Line numbers of the JDK's own classes; the application keeps its own.
                "--strip-java-debug-attributes",
                // Made before or after the attributes are stripped, by chance; the JVM makes its own where it needs
                // them.
                "--disable-plugin",
                "generate-jli-classes",
                "--output",
                directory.toString()));
        if (!modules.withoutResources().isEmpty()) {
            arguments.add("--exclude-resources=" + String.join(",", modules.withoutResources()));
        }
        if (!modules.withoutFiles().isEmpty()) {
            arguments.add("--exclude-files=" + String.join(",", modules.withoutFiles()));
        }
        Program.tool("jlink", arguments);
        TrustedRoots.writeTo(directory.resolve("lib/security/cacerts"));
        SecurityProviders.keepThoseOf(directory);
        // For builds on top of this runtime, of which there are none.
        Files.deleteIfExists(directory.resolve("lib/jrt-fs.jar"));
        Files.deleteIfExists(directory.resolve("lib/classlist"));
        SharedLibraries.strip(new RootTree(directory));
    }

    /** What the JDK says of itself. */
    static Properties release() throws IOException {
        return release(Program.home());
    }

    /** What a runtime says of itself. */
    static Properties release(Path runtime) throws IOException {
        Properties release = new Properties();
        try (var text = Files.newBufferedReader(runtime.resolve("release"))) {
            release.load(text);
        }
        release.replaceAll((key, value) -> value.toString().replace("\"", ""));
        return release;
    }
}
