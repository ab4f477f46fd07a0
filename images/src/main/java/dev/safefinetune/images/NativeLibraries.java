package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * The engine's native libraries: unpacked once, here, by the engine itself, so that a pod writes nothing; and taken out
 * of the jars that they came in.
 */
final class NativeLibraries {
    private static final String SAMPLE = """
            {"messages": [{"role": "user", "content": "tell me"}, {"role": "assistant", "content": "no"}]}
            """;

    private NativeLibraries() {}

    static void unpackInto(RootTree natives, RootTree libraries, BuiltTree built, Path work) throws IOException {
        Files.createDirectories(natives.root());
        Path sample = Files.writeString(work.resolve("sample.jsonl"), SAMPLE);
        Program.run(
                List.of(
                        Program.home().resolve("bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--class-path",
                        libraries.root() + "/*",
                        "dev.safefinetune.trainer.command.TrainerCommand",
                        "generate",
                        "--model",
                        built.at("examples/quickstart/models/base").toString(),
                        "--dataset",
                        sample.toString(),
                        "--max-new-tokens",
                        "1",
                        "--out",
                        work.resolve("answers.jsonl").toString()),
                Map.of("DJL_CACHE_DIR", natives.root().toString(), "DJL_OFFLINE", "true"));
        if (natives.binaries().isEmpty()) {
            throw new IOException("the engine unpacked no native library into " + natives.root());
        }
        SharedLibraries.strip(natives);
        for (Path jar : libraries.files()) {
            takeOut(jar);
        }
    }

    /** Rewrites a jar without the native libraries in it; one that has none stays as it is. */
    private static void takeOut(Path jar) throws IOException {
        Path rewritten = jar.resolveSibling(jar.getFileName() + ".rewritten");
        boolean found = false;
        try (JarFile in = new JarFile(jar.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(rewritten))) {
            for (JarEntry entry : in.stream().toList()) {
                if (isNative(entry.getName())) {
                    found = true;
                    continue;
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                try (var content = in.getInputStream(entry)) {
                    content.transferTo(out);
                }
                out.closeEntry();
            }
        }
        if (found) {
            Files.move(rewritten, jar, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(rewritten);
        }
    }

    /** Where the engine's jars keep their libraries; another jar's are its own affair. */
    private static boolean isNative(String entry) {
        return entry.matches("(native/lib|jnilib|pytorch)/.*\\.(so|so\\.\\d+|dll|dylib)");
    }
}
