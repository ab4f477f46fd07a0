package dev.safefinetune.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The corpus of {@code resources/admission}: users and objects, and the requests with their verdicts. A line of it that names
 * several users or objects is one request for each.
 */
record Corpus(JsonNode world, List<Attempt> attempts) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Set<String> KEYS = Set.of(
            "why",
            "as",
            "create",
            "update",
            "delete",
            "deletecollection",
            "connect",
            "token",
            "sub",
            "in",
            "set",
            "pod",
            "denied");

    static Corpus load() {
        JsonNode world = read("world.yaml");
        List<Attempt> attempts = new ArrayList<>();
        for (String file :
                List.of("accelerators.yaml", "runs.yaml", "mounts.yaml", "ways-in.yaml", "kinds.yaml", "bounds.yaml")) {
            read(file).forEach(line -> attempts.addAll(expanded(world, line)));
        }
        return new Corpus(world, attempts);
    }

    /** An object that can be made, without a namespace. */
    ObjectNode object(String name) {
        if (!(world.path("objects").path(name) instanceof ObjectNode object)) {
            throw new IllegalArgumentException("no object " + name + " in world.yaml");
        }
        return object.deepCopy();
    }

    /** The names of the objects that attempts in a place are about. */
    Set<String> objects(String place) {
        return attempts.stream()
                .filter(attempt -> attempt.place().equals(place))
                .map(Attempt::object)
                .collect(Collectors.toSet());
    }

    private static JsonNode read(String file) {
        try (InputStream in = Corpus.class.getResourceAsStream("/admission/" + file)) {
            return YAML.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    private static List<Attempt> expanded(JsonNode world, JsonNode line) {
        line.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("unknown key " + key + " in " + line);
            }
        });
        String verb = Stream.of("create", "update", "delete", "deletecollection", "connect", "token")
                .filter(line::has)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no verb in " + line));
        List<Attempt> attempts = new ArrayList<>();
        for (String user : texts(line.path("as"))) {
            for (String object : texts(line.path(verb))) {
                for (String sub : line.has("sub") ? texts(line.path("sub")) : List.of("")) {
                    attempts.add(attempt(world, line, verb, user, object, sub));
                }
            }
        }
        return attempts;
    }

    private static Attempt attempt(
            JsonNode world, JsonNode line, String verb, String user, String object, String subresource) {
        Map<String, JsonNode> changes = new LinkedHashMap<>();
        line.path("set").properties().forEach(change -> changes.put(change.getKey(), change.getValue()));
        String kind = world.path("objects").path(object).path("kind").asText();
        line.path("pod").properties().forEach(change -> changes.put(podOf(kind) + change.getKey(), change.getValue()));
        String place = line.path("in").asText("guarded");
        String name = String.join(
                " ",
                user,
                verb,
                object + (subresource.isEmpty() ? "" : "/" + subresource),
                "in " + place + ":",
                line.path("why").asText());
        return new Attempt(
                name,
                user,
                verb,
                place,
                object,
                subresource,
                changes,
                line.path("denied").asText(""));
    }

    /** Where a kind has its pod, as the beginning of a JSON pointer. */
    private static String podOf(String kind) {
        return switch (kind) {
            case "Pod" -> "";
            case "CronJob" -> "/spec/jobTemplate/spec/template";
            case "PodTemplate" -> "/template";
            default -> "/spec/template";
        };
    }

    private static List<String> texts(JsonNode node) {
        return node.isArray() ? node.valueStream().map(JsonNode::asText).toList() : List.of(node.asText());
    }
}
