package dev.safefinetune.api.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The chart's values and their schema say the same; that the README says it too is held with the other generated files. */
class ChartReadmeTest {
    private static final Path ROOT = Path.of("..");

    @Test
    void aChangedDefaultIsAnotherReadme() throws IOException {
        String readme = Files.readString(ROOT.resolve(ChartReadme.PATH));
        JsonNode schema = ChartReadme.schema(ROOT);
        JsonNode values = ChartReadme.values(ROOT);
        JsonNode changed = new ObjectMapper().readTree(values.toString().replace("\"50Gi\"", "\"60Gi\""));

        assertThat(ChartReadme.page(readme, schema, values)).isEqualTo(readme).contains("| `scratch.size` | `50Gi` |");
        assertThat(ChartReadme.page(readme, schema, changed)).contains("| `scratch.size` | `60Gi` |");
    }

    /** A default without a schema would be refused by Helm; a schema without a default would be in no table. */
    @Test
    void everyPropertyOfTheSchemaHasADefaultAndAMeaning() throws IOException {
        JsonNode schema = ChartReadme.schema(ROOT);
        assertThat(wrong("", schema, schema, ChartReadme.values(ROOT))).isEmpty();
    }

    /** Seen red: an open object, a value without a schema, a property that says nothing. */
    @Test
    void whatIsMissingIsNamed() throws IOException {
        JsonNode schema = new ObjectMapper().readTree("""
                {"additionalProperties": false, "properties": {"a": {"properties": {"b": {"type": "string"}}}}}
                """);
        JsonNode values = new ObjectMapper().readTree("{\"a\": {\"b\": \"\", \"c\": 1}}");
        assertThat(wrong("", schema, schema, values))
                .containsExactly(
                        "a. has [b, c] as defaults and [b] in the schema",
                        "a. lets unknown values through",
                        "a.b says nothing of itself");
    }

    private static List<String> wrong(String prefix, JsonNode root, JsonNode of, JsonNode values) {
        List<String> wrong = new ArrayList<>();
        TreeSet<String> defaults = names(values);
        TreeSet<String> known = names(of.path("properties"));
        if (!defaults.equals(known)) {
            wrong.add(prefix + " has " + defaults + " as defaults and " + known + " in the schema");
        }
        if (of.path("additionalProperties").asBoolean(true)) {
            wrong.add(prefix + " lets unknown values through");
        }
        for (Map.Entry<String, JsonNode> property : of.path("properties").properties()) {
            JsonNode about = ChartReadme.resolved(root, property.getValue());
            String name = prefix + property.getKey();
            if (about.has("properties")) {
                wrong.addAll(wrong(name + ".", root, about, values.path(property.getKey())));
            } else if (!property.getValue().has("description") && !about.has("description")) {
                wrong.add(name + " says nothing of itself");
            }
        }
        return wrong;
    }

    /** But for the one that belongs to parent charts. */
    private static TreeSet<String> names(JsonNode object) {
        TreeSet<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        names.remove("global");
        return names;
    }
}
