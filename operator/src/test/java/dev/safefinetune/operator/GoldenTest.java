package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.operator.world.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Folders of what is seen, {@code in-*.yaml}, and what follows, {@code out-*.yaml}. With {@code -Dgolden=write} the
 * latter are written anew; read the difference before it is committed.
 */
class GoldenTest {
    private static final Path FOLDERS = Path.of("src/test/resources/golden");

    static Stream<Path> scenarios() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDERS)) {
            return folders.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void followsFromWhatIsSeen(Path folder) throws IOException {
        Map<String, String> outputs = Scenario.read(folder).outputs();
        if ("write".equals(System.getProperty("golden"))) {
            for (Map.Entry<String, String> output : outputs.entrySet()) {
                Files.writeString(folder.resolve(output.getKey()), output.getValue());
            }
        }

        for (Map.Entry<String, String> output : outputs.entrySet()) {
            assertThat(folder.resolve(output.getKey())).content().isEqualTo(output.getValue());
        }
        assertThat(names(folder, "out-")).containsExactlyInAnyOrderElementsOf(outputs.keySet());
    }

    @Test
    void noFileIsUnused() throws IOException {
        for (Path folder : scenarios().toList()) {
            List<String> used = Stream.concat(names(folder, "in-").stream(), names(folder, "out-").stream())
                    .toList();
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrderElementsOf(used);
            }
            assertThat(Scenario.INPUTS).as(folder.toString()).containsAll(names(folder, "in-"));
        }
    }

    private static List<String> names(Path folder, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.startsWith(prefix) && f.endsWith(".yaml"))
                    .toList();
        }
    }
}
