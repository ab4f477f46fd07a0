package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The machine's shared libraries that the programs of a tree are linked to: glibc and what goes with it. */
final class SharedLibraries {
    private static final Pattern RESOLVED = Pattern.compile("^\\s*(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)$");
    private static final Pattern MISSING = Pattern.compile("^\\s*(\\S+) => not found$");

    private SharedLibraries() {}

    /** Copies them into the tree at their own paths; answers with those paths on the machine. */
    static Set<Path> copyInto(RootTree tree) throws IOException {
        List<Path> binaries = tree.binaries();
        Set<String> own =
                binaries.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        Set<Path> needed = new TreeSet<>();
        for (Path binary : binaries) {
            for (String line : linked(binary)) {
                Matcher missing = MISSING.matcher(line);
                if (missing.matches() && !own.contains(missing.group(1))) {
                    throw new IOException("%s needs %s, which this machine does not have"
                            .formatted(tree.root().relativize(binary), missing.group(1)));
                }
                Matcher resolved = RESOLVED.matcher(line);
                if (resolved.matches() && !Path.of(resolved.group(1)).startsWith(tree.root())) {
                    needed.add(Path.of(resolved.group(1)));
                }
            }
        }
        for (Path library : needed) {
            String place = library.toString().substring(1);
            tree.copy(library.toRealPath(), place);
            // The loader is a program, and the others may be run by it only.
            tree.at(place).toFile().setExecutable(place.contains("ld-linux"), false);
        }
        return needed;
    }

    private static List<String> linked(Path binary) throws IOException {
        // A static program has none, which ldd calls an error.
        if (!Program.run(List.of("readelf", "--dynamic", binary.toString())).contains("(NEEDED)")) {
            return List.of();
        }
        return Program.run(List.of("ldd", binary.toString())).lines().toList();
    }

    /** Leaves out of a tree's programs and libraries what only a debugger reads. */
    static void strip(RootTree tree) throws IOException {
        for (Path binary : tree.binaries()) {
            Program.run(List.of("strip", "--strip-unneeded", binary.toString()));
        }
    }
}
