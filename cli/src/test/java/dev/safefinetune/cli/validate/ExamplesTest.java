package dev.safefinetune.cli.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is shown to users must be right. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("../examples");

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
