package dev.safefinetune.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Turns a YAML document into JSON as kubectl does, and notes the line of each field on the way. */
final class YamlTree {
    /** An alias may lead into itself; no manifest is as deep as this. */
    private static final int DEEPEST = 64;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Path file;
    private final Map<String, Integer> lines = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final JsonNode json;

    private YamlTree(Path file, Node document) {
        this.file = file;
        this.json = json("", document, 0);
        // The first field says better where a document begins than its node, which may begin at a comment above.
        lines.put("", document.getStartMark().getLine() + 1);
    }

    static YamlTree of(Path file, Node document) {
        return new YamlTree(file, document);
    }

    Manifest manifest() {
        return new Manifest(file, json, lines);
    }

    /** Fields that stand there twice, and values that no manifest can hold. */
    List<Problem> problems() {
        return problems;
    }

    private JsonNode json(String path, Node node, int depth) {
        if (depth > DEEPEST) {
            problems.add(problem(path, node, "is nested deeper than " + DEEPEST));
            return JSON.nullNode();
        }
        return switch (node) {
            case MappingNode mapping -> object(path, mapping, depth);
            case SequenceNode sequence -> array(path, sequence, depth);
            case ScalarNode scalar -> Scalars.json(scalar);
            default -> JSON.nullNode();
        };
    }

    private ObjectNode object(String path, MappingNode mapping, int depth) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode().getTag().equals(Tag.MERGE)) {
                problems.add(problem(
                        path, entry.getKeyNode(), "merge keys (<<) are not known to every reader; write it out"));
                continue;
            }
            String name = entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
            String field = path.isEmpty() ? name : path + "." + name;
            if (object.has(name)) {
                problems.add(problem(field, entry.getKeyNode(), "stands here twice; keep one"));
            }
            lines.put(field, entry.getKeyNode().getStartMark().getLine() + 1);
            object.set(name, json(field, entry.getValueNode(), depth + 1));
        }
        return object;
    }

    private ArrayNode array(String path, SequenceNode sequence, int depth) {
        ArrayNode array = JSON.arrayNode();
        for (Node item : sequence.getValue()) {
            String at = path + "[" + array.size() + "]";
            lines.put(at, item.getStartMark().getLine() + 1);
            array.add(json(at, item, depth + 1));
        }
        return array;
    }

    private Problem problem(String field, Node node, String right) {
        return new Problem(file, node.getStartMark().getLine() + 1, field, "", right);
    }

    /** Scalars by the rules of YAML 1.1, which kubectl follows: an unquoted Off is false. */
    private static final class Scalars extends SafeConstructor {
        private Scalars() {
            super(new LoaderOptions());
        }

        static JsonNode json(ScalarNode scalar) {
            Tag tag = scalar.getTag();
            if (!tag.equals(Tag.BOOL) && !tag.equals(Tag.INT) && !tag.equals(Tag.FLOAT) && !tag.equals(Tag.NULL)) {
                // Dates and the like are texts in JSON.
                return JSON.textNode(scalar.getValue());
            }
            Object value = new Scalars().constructObject(scalar);
            return switch (value) {
                case Boolean bool -> JSON.booleanNode(bool);
                case Double number when number.isInfinite() || number.isNaN() -> JSON.textNode(scalar.getValue());
                case Number number -> number(number);
                case null, default -> JSON.nullNode();
            };
        }

        private static JsonNode number(Number number) {
            BigDecimal exact = new BigDecimal(number.toString());
            return number instanceof Double ? JSON.numberNode(exact.doubleValue()) : JSON.numberNode(exact.longValue());
        }
    }
}
