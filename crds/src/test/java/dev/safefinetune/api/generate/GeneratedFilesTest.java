package dev.safefinetune.api.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedFilesTest {
    private static final Map<String, String> FILES = GeneratedFiles.all(Path.of(".."));

    /** Files that are not what the types say, each with what is wrong. */
    private static List<String> stale(Path root, Map<String, String> expected) throws IOException {
        List<String> stale = new ArrayList<>();
        for (Map.Entry<String, String> file : expected.entrySet()) {
            Path path = root.resolve(file.getKey());
            if (!Files.isRegularFile(path)) {
                stale.add(file.getKey() + " is missing");
            } else if (!Files.readString(path).equals(file.getValue())) {
                stale.add(file.getKey() + " is stale");
            }
        }
        return stale;
    }

    @Test
    void committedCopiesAreWhatTheTypesSay() throws IOException {
        assertThat(stale(Path.of(".."), FILES)).as("run `make generate`").isEmpty();
    }

    @Test
    void staleAndMissingCopiesAreSeen(@TempDir Path root) throws IOException {
        Map<String, String> two = new LinkedHashMap<>();
        two.put("docs/api.md", FILES.get("docs/api.md"));
        two.put("docs/conditions.md", FILES.get("docs/conditions.md"));
        Files.createDirectory(root.resolve("docs"));
        Files.writeString(root.resolve("docs/api.md"), FILES.get("docs/api.md") + "\n");

        assertThat(stale(root, two)).containsExactly("docs/api.md is stale", "docs/conditions.md is missing");
    }

    @Test
    void generatingTwiceGivesTheSame() {
        assertThat(GeneratedFiles.all(Path.of(".."))).isEqualTo(FILES);
    }

    @Test
    void noOtherCrdLiesInTheChart() throws IOException {
        try (var files = Files.list(Path.of("..", GeneratedFiles.CHART_CRDS))) {
            assertThat(files.map(file -> GeneratedFiles.CHART_CRDS + "/" + file.getFileName()))
                    .isSubsetOf(FILES.keySet());
        }
    }
}
