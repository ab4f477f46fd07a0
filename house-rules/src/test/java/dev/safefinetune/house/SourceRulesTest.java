package dev.safefinetune.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules on the text of the sources. */
class SourceRulesTest {
    private static final int MOST_LINES = 300;
    private static final Path TREE = Path.of("..").toAbsolutePath().normalize();

    private static List<String> tooLong(Path tree) {
        return javaFiles(tree)
                .filter(file -> lines(file).size() > MOST_LINES)
                .map(Path::toString)
                .toList();
    }

    private static List<String> withoutNullMarked(Path tree) {
        return javaFiles(tree)
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !isMarked(folder) && !isMarked(mainFolder(folder)))
                .map(Path::toString)
                .toList();
    }

    private static boolean isMarked(Path folder) {
        Path info = folder.resolve("package-info.java");
        return Files.exists(info) && String.join("\n", lines(info)).contains("@NullMarked");
    }

    /** A test lives in the package that it tests, and so under that package's mark. */
    private static Path mainFolder(Path folder) {
        return Path.of(folder.toString().replace("/src/test/java/", "/src/main/java/"));
    }

    private static Stream<Path> javaFiles(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void filesHoldOneConcept() {
        assertThat(javaFiles(TREE).count()).isGreaterThan(100);
        assertThat(tooLong(TREE)).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(withoutNullMarked(TREE)).isEmpty();
    }

    @Test
    void aCanaryTurnsBothRed(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("Long.java"), "// line\n".repeat(MOST_LINES + 1));

        assertThat(tooLong(folder)).hasSize(1);
        assertThat(withoutNullMarked(folder)).containsExactly(folder.toString());
    }
}
