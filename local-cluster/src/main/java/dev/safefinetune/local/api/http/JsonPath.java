package dev.safefinetune.local.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of JSONPath that printer columns use: fields, indexes, and {@code [?(@.type=="Ready")]}. */
final class JsonPath {
    private static final Pattern STEP = Pattern.compile(
            "\\.(?<field>(?:\\\\.|[^.\\[\\\\])+)|\\[(?<index>\\d+)]|\\[\\?\\(@\\.(?<key>[^=]+?)\\s*==\\s*[\"'](?<value>[^\"']*)[\"']\\)]");

    private JsonPath() {}

    /** The first value at the path, missing when there is none. */
    static JsonNode find(JsonNode root, String path) {
        Matcher step = STEP.matcher(path);
        JsonNode at = root;
        int end = 0;
        while (step.find() && step.start() == end) {
            at = next(at, step);
            end = step.end();
        }
        return end == path.length() ? at : MissingNode.getInstance();
    }

    private static JsonNode next(JsonNode at, Matcher step) {
        String field = step.group("field");
        if (field != null) {
            return at.path(field.replace("\\", ""));
        }
        if (step.group("index") != null) {
            return at.path(Integer.parseInt(step.group("index")));
        }
        for (JsonNode element : at) {
            if (element.path(step.group("key")).asText().equals(step.group("value"))) {
                return element;
            }
        }
        return MissingNode.getInstance();
    }
}
