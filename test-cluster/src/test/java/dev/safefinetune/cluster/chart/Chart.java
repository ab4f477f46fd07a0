package dev.safefinetune.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The chart of this repository. */
public final class Chart {
    public static final Path DIRECTORY = Path.of("../charts/safe-fine-tune-operator");
    static final Path INSTALL_FILE = Path.of("../charts/install.yaml");
    public static final String RELEASE = "safe-fine-tune-operator";
    public static final String NAMESPACE = "safe-fine-tune-system";

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private Chart() {}

    /** The sets of values that the chart is rendered with: {@code ci/*-values.yaml}. */
    static List<Path> valueSets() {
        try (var files = Files.list(DIRECTORY.resolve("ci"))) {
            List<Path> sets = files.filter(file -> file.toString().endsWith("-values.yaml"))
                    .sorted()
                    .toList();
            assertThat(sets).as("value sets in " + DIRECTORY.resolve("ci")).hasSizeGreaterThan(3);
            return sets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The chart with a set of values, as a YAML stream. */
    public static String render(Tool helm, String... flags) {
        List<String> arguments =
                new ArrayList<>(List.of("template", RELEASE, DIRECTORY.toString(), "--namespace", NAMESPACE));
        arguments.addAll(List.of(flags));
        return helm.run(arguments.toArray(String[]::new));
    }

    /** The objects of a YAML stream. */
    public static List<JsonNode> objects(String yaml) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(yaml)) {
            return documents.readAll().stream()
                    .filter(object -> object.isObject() && !object.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode yaml(Path file) {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path write(Path file, JsonNode object) {
        try {
            return Files.writeString(file, YAML.writeValueAsString(object));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kind and name, for messages. */
    public static String name(JsonNode object) {
        return object.path("kind").asText() + " " + object.at("/metadata/name").asText();
    }
}
