package dev.safefinetune.cli.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What is shown to users must be right. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("../examples");

    /** Manifests shown in the text of a page. */
    private static final Pattern SHOWN = Pattern.compile("```yaml\n(apiVersion: safefinetune.*?)```", Pattern.DOTALL);

    @Test
    void everyManifestInTheReadmeIsWithoutAFault(@TempDir Path directory) throws IOException {
        List<String> shown = SHOWN.matcher(Files.readString(Path.of("../README.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(shown).isNotEmpty();
        for (String manifest : shown) {
            Path file = Files.writeString(directory.resolve("shown.yaml"), manifest);
            assertThat(new Validator().validate(file)).isEmpty();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyExampleIsWithoutAFault() throws IOException {
        Validator validator = new Validator();
        try (var files = Files.walk(EXAMPLES)) {
            List<Path> manifests = files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            assertThat(manifests).isNotEmpty();
            return manifests.stream()
                    .map(file -> dynamicTest(
                            EXAMPLES.relativize(file).toString(),
                            () -> assertThat(validator.validate(file)).isEmpty()));
        }
    }
}
