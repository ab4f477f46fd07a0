package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A Debian package that owns shared libraries of the image.
 *
 * @param files its files in the image, by their paths on the machine
 */
record SystemPackage(String name, String version, String purl, List<Path> files) {
    static Collection<SystemPackage> owning(Collection<Path> libraries) throws IOException {
        Map<String, SystemPackage> packages = new TreeMap<>();
        for (Path library : libraries) {
            String owner = owner(library);
            SystemPackage known = packages.get(owner);
            if (known == null) {
                known = describe(owner);
                packages.put(owner, known);
            }
            known.files().add(library);
        }
        return packages.values();
    }

    /** Asks for the path as it was given and as the merged /usr has it. */
    private static String owner(Path library) throws IOException {
        List<String> paths = new ArrayList<>();
        for (Path path : List.of(library, library.toRealPath())) {
            paths.add(path.toString());
            paths.add(path.startsWith("/usr") ? path.toString().substring("/usr".length()) : "/usr" + path);
        }
        for (String path : paths) {
            try {
                return Program.run(List.of("dpkg-query", "--search", path)).replaceFirst(": /.*\\R", "");
            } catch (IOException e) {
                // The next path may be the one that the package was built with.
                continue;
            }
        }
        throw new IOException("no package owns %s; is this a Debian?".formatted(library));
    }

    private static SystemPackage describe(String owner) throws IOException {
        String[] words = Program.run(List.of(
                        "dpkg-query", "--show", "--showformat=${binary:Package} ${Version} ${Architecture}", owner))
                .strip()
                .split(" ");
        Properties release = new Properties();
        try (var text = Files.newBufferedReader(Path.of("/etc/os-release"))) {
            release.load(text);
        }
        String name = words[0].replaceFirst(":.*", "");
        String purl = "pkg:deb/%s/%s@%s?arch=%s&distro=%s-%s"
                .formatted(
                        unquoted(release, "ID"),
                        name.replace("+", "%2B"),
                        words[1].replace("+", "%2B").replace(":", "%3A"),
                        words[2],
                        unquoted(release, "ID"),
                        unquoted(release, "VERSION_ID"));
        return new SystemPackage(name, words[1], purl, new ArrayList<>());
    }

    private static String unquoted(Properties release, String key) {
        return release.getProperty(key, "unknown").replace("\"", "");
    }
}
