package dev.safefinetune.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;

/**
 * A document of a YAML file.
 *
 * @param file where it stands
 * @param json what it says
 * @param lines line of each field, from 1, by its path; the document's own by the empty path
 */
record Manifest(Path file, JsonNode json, Map<String, Integer> lines) {

    /** The line of a field, or of the nearest thing around it where the field is not there. */
    int line(String field) {
        String at = field;
        while (!lines.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
        }
        return lines.getOrDefault(at, 1);
    }

    Problem problem(String field, String value, String right) {
        return new Problem(file, line(field), field, value, right);
    }

    String kind() {
        return json.path("kind").asText();
    }
}
