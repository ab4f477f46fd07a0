package dev.safefinetune.trainer.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user copies from an example has to train: the trainer reads the configuration of every model that is named. */
class ExampleModelsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path EXAMPLES = ROOT.resolve("examples");
    private static final Path FIXTURES = Path.of("src/test/resources/models");

    /** Where the configuration of a model of the examples is committed, by the URI that they give it. */
    private static final Map<String, Path> CONFIGURATIONS = Map.of(
            "pvc://models/base", EXAMPLES.resolve("quickstart/models/base"),
            "pvc://models/smollm2-135m-instruct", FIXTURES.resolve("smollm2-135m-instruct"),
            // Trained on from SmolLM2-135M-Instruct by examples/smollm2/demo, which changes its weights alone.
            "pvc://models/aligned", FIXTURES.resolve("smollm2-135m-instruct"));

    private static final Pattern RUN = Pattern.compile("^kind: (SafeFineTune|SecurityVector)$", Pattern.MULTILINE);
    private static final Pattern MODEL =
            Pattern.compile("^  (?:model|baseModel): +\\{uri: \"?([^\"}, ]+)", Pattern.MULTILINE);
    private static final Pattern GPUS = Pattern.compile("\\bgpus: *[1-9]");

    /** The manifests of the examples, and those that the README shows. */
    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md")),
                            files.filter(file -> file.toString().endsWith(".yaml"))
                                    .sorted())
                    .toList();
        }
    }

    private static Set<String> models() throws IOException {
        Set<String> models = new LinkedHashSet<>();
        for (Path page : pages()) {
            MODEL.matcher(Files.readString(page)).results().forEach(found -> models.add(found.group(1)));
        }
        return models;
    }

    @Test
    void everyRunAndVectorOfTheExamplesNamesAModelThatThisTestSees() throws IOException {
        for (Path page : pages()) {
            String text = Files.readString(page);
            assertThat(MODEL.matcher(text).results().count())
                    .as("models of %s", page)
                    .isEqualTo(RUN.matcher(text).results().count());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void theTrainerTakesTheModel(String uri) {
        Path configuration = CONFIGURATIONS.get(uri);
        if (configuration == null) {
            fail("no configuration of %s; put its config.json under %s and name it here", uri, FIXTURES);
        } else {
            assertThatCode(() -> ModelConfig.read(configuration)).doesNotThrowAnyException();
        }
    }

    /** GPUs are experimental: an installation without the image for them refuses a run that asks for one. */
    @Test
    void noExampleAsksForAGpu() throws IOException {
        for (Path page : pages()) {
            assertThat(GPUS.matcher(Files.readString(page)).find())
                    .as("%s asks for GPUs", page)
                    .isFalse();
        }
    }
}
