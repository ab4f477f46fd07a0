package dev.safefinetune.api.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The chart's README: its own words, and the table of all values from their schema and their defaults. */
final class ChartReadme {
    static final String CHART = "charts/safe-fine-tune-operator";
    static final String PATH = CHART + "/README.md";

    private static final String BEGIN =
            "<!-- Generated from values.schema.json and values.yaml; `make generate` writes it anew. -->\n";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final JsonNode schema;
    private final StringBuilder table = new StringBuilder("\n| value | default | meaning |\n|---|---|---|\n");

    private ChartReadme(JsonNode schema) {
        this.schema = schema;
    }

    /** The README of the chart in a repository. */
    static String page(Path root) {
        try {
            return page(Files.readString(root.resolve(PATH)), schema(root), values(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String page(String readme, JsonNode schema, JsonNode values) {
        int begin = readme.indexOf(BEGIN);
        if (begin < 0) {
            throw new IllegalArgumentException(PATH + " does not hold the line " + BEGIN);
        }
        ChartReadme page = new ChartReadme(schema);
        page.rows("", schema, values);
        return readme.substring(0, begin) + BEGIN + page.table;
    }

    static JsonNode schema(Path root) throws IOException {
        return JSON.readTree(Files.readString(root.resolve(CHART + "/values.schema.json")));
    }

    static JsonNode values(Path root) throws IOException {
        return YAML.readTree(Files.readString(root.resolve(CHART + "/values.yaml")));
    }

    private void rows(String prefix, JsonNode of, JsonNode values) {
        for (Map.Entry<String, JsonNode> property : of.path("properties").properties()) {
            String name = prefix + property.getKey();
            JsonNode value = values.path(property.getKey());
            JsonNode about = resolved(schema, property.getValue());
            if (about.has("properties")) {
                rows(name + ".", about, value);
            } else if (!value.isMissingNode()) {
                table.append("| `%s` | %s | %s |\n".formatted(name, shown(value), meaning(property.getValue(), about)));
            }
        }
    }

    static JsonNode resolved(JsonNode schema, JsonNode property) {
        String reference = property.path("$ref").asText();
        return reference.isEmpty() ? property : schema.at(reference.substring(1));
    }

    /** What a property says of itself is nearer than what its definition says. */
    private static String meaning(JsonNode property, JsonNode about) {
        String text = (property.has("description") ? property : about)
                .path("description")
                .asText();
        List<String> choices = new ArrayList<>();
        about.path("enum").forEach(choice -> choices.add(choice.isTextual() ? choice.asText() : choice.toString()));
        return choices.isEmpty() ? text : text + " One of " + String.join(", ", choices) + ".";
    }

    private static String shown(JsonNode value) {
        String text = value.isTextual() ? value.asText() : value.toString();
        return text.isEmpty() ? "" : "`" + text + "`";
    }
}
