package dev.safefinetune.trainer.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;

/**
 * The fields of an object of {@code config.json}, each of the type that it has to be of: a field of another type would
 * otherwise count as absent, and the model would be read as another one.
 *
 * @param file for messages
 * @param prefix of names in messages
 * @param root the object
 */
record ConfigFields(Path file, String prefix, JsonNode root) {
    private static final String WHOLE = "a whole number above 0";

    /** Longest value that a message shows. */
    private static final int SHOWN = 60;

    /** Whether a field is there, if only as null. */
    boolean has(String field) {
        return root.has(field);
    }

    /** Whether a field is there as null, which often means that a part is left out. */
    boolean isNull(String field) {
        return root.path(field).isNull();
    }

    /** Whether a field says something. */
    boolean hasValue(String field) {
        return root.hasNonNull(field);
    }

    /** A whole number above 0 that has to be there. */
    int positive(String field) {
        if (!root.has(field)) {
            throw refused(field, WHOLE);
        }
        JsonNode node = root.path(field);
        if (!node.isInt() || node.intValue() < 1) {
            throw refused(field, WHOLE);
        }
        return node.intValue();
    }

    /** The same, or another value where it is left out. */
    int positiveOr(String field, int otherwise) {
        return root.has(field) ? positive(field) : otherwise;
    }

    /** The same where null means that it is left out. */
    int positiveOrNull(String field, int otherwise) {
        return root.hasNonNull(field) ? positive(field) : otherwise;
    }

    /** A finite number within bounds, or another value where it is left out. */
    double number(String field, double otherwise, DoublePredicate allowed, String right) {
        if (!root.has(field)) {
            return otherwise;
        }
        JsonNode node = root.path(field);
        if (!isFinite(node) || !allowed.test(node.doubleValue())) {
            throw refused(field, right);
        }
        return node.doubleValue();
    }

    private static boolean isFinite(JsonNode node) {
        return node.isNumber() && Double.isFinite(node.doubleValue());
    }

    /** Yes or no; no where it is left out. */
    boolean flag(String field) {
        if (root.has(field) && !root.path(field).isBoolean()) {
            throw refused(field, "true or false");
        }
        return root.path(field).booleanValue();
    }

    /** A word, or another one where it is left out. */
    String word(String field, String otherwise, String right) {
        if (root.has(field) && !root.path(field).isTextual()) {
            throw refused(field, right);
        }
        return root.path(field).asText(otherwise);
    }

    /** A list of finite numbers within bounds. */
    List<Double> numbers(String field, DoublePredicate allowed, String right) {
        return elements(field, right, n -> isFinite(n) && allowed.test(n.doubleValue())).stream()
                .map(JsonNode::doubleValue)
                .toList();
    }

    /** A list of words. */
    List<String> words(String field, String right) {
        return elements(field, right, JsonNode::isTextual).stream()
                .map(JsonNode::textValue)
                .toList();
    }

    private List<JsonNode> elements(String field, String right, Predicate<JsonNode> allowed) {
        List<JsonNode> found = new ArrayList<>();
        root.path(field).forEach(found::add);
        if (!root.path(field).isArray() || !found.stream().allMatch(allowed)) {
            throw refused(field, right);
        }
        return found;
    }

    /** An object; without fields where it is left out or null. */
    ConfigFields object(String field) {
        if (root.hasNonNull(field) && !root.path(field).isObject()) {
            throw refused(field, "an object or null");
        }
        JsonNode node = root.path(field);
        return new ConfigFields(file, prefix + field + ".", node.isObject() ? node : MissingNode.getInstance());
    }

    /** Whether it has fields. */
    boolean isEmpty() {
        return root.isEmpty();
    }

    /** The refusal of a value, whatever is wrong with it. */
    TrainerException refused(String field, String right) {
        JsonNode node = root.path(field);
        String value = node.isMissingNode() ? "nothing" : node.isTextual() ? node.textValue() : node.toString();
        String shown = value.isEmpty() ? "\"\"" : value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
        return new TrainerException(
                Fault.MODEL_INVALID, file + ": " + prefix + field + " is " + shown + "; supported is " + right);
    }
}
