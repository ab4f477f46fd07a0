package dev.safefinetune.images;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import com.github.packageurl.PackageURLBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the build tool called the jars that it laid down.
 *
 * @param byFile coordinates by file name
 */
record Coordinates(Map<String, PackageURL> byFile) {
    private static final Pattern MAVEN =
            Pattern.compile("^\\s+([\\w.-]+):([\\w.-]+):jar(?::([\\w.-]+))?:([\\w.-]+):(?:compile|runtime)\\b.*$");
    private static final Pattern QUARKUS = Pattern.compile("^([\\w.-]+):([\\w.-]+):([\\w.-]*):jar:([\\w.-]+)$");

    /** From the list of {@code dependency:list}; files are named {@code artifact-version.jar}. */
    static Coordinates ofMaven(Path list) throws IOException {
        return read(list, MAVEN, false);
    }

    /** From Quarkus' own list; files are named {@code group.artifact-version.jar}. */
    static Coordinates ofQuarkus(Path list) throws IOException {
        return read(list, QUARKUS, true);
    }

    private static Coordinates read(Path list, Pattern line, boolean withGroup) throws IOException {
        Map<String, PackageURL> byFile = new TreeMap<>();
        for (String text : Files.readAllLines(list)) {
            Matcher words = line.matcher(text);
            if (!words.matches()) {
                continue;
            }
            String group = words.group(1);
            String artifact = words.group(2);
            String classifier = words.group(3) == null ? "" : words.group(3);
            String version = words.group(4);
            String file = (withGroup ? group + "." : "") + artifact + "-" + version
                    + (classifier.isEmpty() ? "" : "-" + classifier) + ".jar";
            byFile.put(file, purl(group, artifact, classifier, version));
        }
        if (byFile.isEmpty()) {
            throw new IOException("%s names no jar".formatted(list));
        }
        return new Coordinates(byFile);
    }

    private static PackageURL purl(String group, String artifact, String classifier, String version)
            throws IOException {
        try {
            PackageURLBuilder builder = PackageURLBuilder.aPackageURL()
                    .withType(PackageURL.StandardTypes.MAVEN)
                    .withNamespace(group)
                    .withName(artifact)
                    .withVersion(version);
            if (!classifier.isEmpty()) {
                builder.withQualifier("classifier", classifier);
            }
            return builder.build();
        } catch (MalformedPackageURLException e) {
            throw new IOException("%s:%s:%s are no coordinates".formatted(group, artifact, version), e);
        }
    }

    /** The module's own jar among what was built in its target folder. */
    static Path ownJar(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> !file.toString().endsWith("-tests.jar"))
                    .toList();
            if (jars.size() != 1) {
                throw new IOException("%s should hold one jar of its own, it holds %s".formatted(target, jars));
            }
            return jars.getFirst();
        }
    }
}
