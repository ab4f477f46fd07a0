package dev.safefinetune.local.judge;

import static dev.safefinetune.local.judge.Finding.Type.INVALID;
import static dev.safefinetune.local.judge.Finding.Type.TOO_LONG;
import static dev.safefinetune.local.judge.Finding.Type.TOO_MANY;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Types of JSON values, and the bounds that a schema sets on one. */
final class Bounds {
    private Bounds() {}

    /** The type as a schema names it. */
    static String typeOf(JsonNode value) {
        if (isWhole(value)) {
            return "integer";
        }
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case NULL, MISSING -> "null";
        };
    }

    static boolean isOfType(JsonNode value, String type) {
        return type.isEmpty() || typeOf(value).equals(type) || (type.equals("number") && value.isNumber());
    }

    /** 16.0 is an integer in JSON schema. */
    private static boolean isWhole(JsonNode value) {
        return value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    static void check(String path, JsonNode value, StructuralSchema schema, List<Finding> findings) {
        JsonNode node = schema.node();
        if (value.isNumber()) {
            number(path, value, node, findings);
        } else if (value.isTextual()) {
            text(path, value, node, findings);
        } else if (value.isArray()) {
            size(path, "items", value.size(), node, "minItems", "maxItems", findings);
        } else if (value.isObject()) {
            size(path, "properties", value.size(), node, "minProperties", "maxProperties", findings);
        }
    }

    private static void number(String path, JsonNode value, JsonNode node, List<Finding> findings) {
        BigDecimal number = value.decimalValue();
        if (node.has("minimum") && number.compareTo(node.path("minimum").decimalValue()) < 0) {
            invalid(path, value, "should be greater than or equal to " + node.path("minimum"), findings);
        }
        if (node.has("maximum") && number.compareTo(node.path("maximum").decimalValue()) > 0) {
            invalid(path, value, "should be less than or equal to " + node.path("maximum"), findings);
        }
    }

    private static void text(String path, JsonNode value, JsonNode node, List<Finding> findings) {
        String text = value.asText();
        int length = text.codePointCount(0, text.length());
        if (node.has("maxLength") && length > node.path("maxLength").asLong()) {
            findings.add(new Finding(TOO_LONG, path, "", "may not be more than " + node.path("maxLength") + " bytes"));
        }
        if (length < node.path("minLength").asLong(0)) {
            invalid(path, value, "should be at least " + node.path("minLength") + " chars long", findings);
        }
        if (node.has("pattern")
                && !Pattern.compile(node.path("pattern").asText()).matcher(text).find()) {
            invalid(path, value, "should match '" + node.path("pattern").asText() + "'", findings);
        }
        if (node.path("format").asText().equals("date-time") && !isTime(text)) {
            invalid(path, value, "must be of type date-time", findings);
        }
    }

    private static boolean isTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static void size(
            String path, String what, int size, JsonNode node, String min, String max, List<Finding> findings) {
        if (node.has(max) && size > node.path(max).asLong()) {
            findings.add(new Finding(
                    TOO_MANY, path, Integer.toString(size), "must have at most " + node.path(max) + " " + what));
        }
        if (size < node.path(min).asLong(0)) {
            findings.add(new Finding(
                    INVALID, path, Integer.toString(size), "should have at least " + node.path(min) + " " + what));
        }
    }

    private static void invalid(String path, JsonNode value, String right, List<Finding> findings) {
        findings.add(new Finding(INVALID, path, value.toString(), right));
    }
}
