package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.trainer.data.Message.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads lists of turns, with {@code role} and {@code content} or with ShareGPT's {@code from} and {@code value}. */
final class TurnReader {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** ShareGPT's role for an answer whose text is a call in JSON. */
    private static final String CALL = "function_call";

    private final JsonNode turn;
    private final String at;
    private final String roleKey;
    private final String contentKey;
    private final ObjectNode fields = JSON.objectNode();

    private TurnReader(JsonNode turn, String at) {
        this.turn = turn;
        this.at = at + ".";
        this.roleKey = turn.has("role") || !turn.has("from") ? "role" : "from";
        this.contentKey = turn.has(Message.CONTENT) || !turn.has("value") ? Message.CONTENT : "value";
    }

    /**
     * Reads turns.
     *
     * @param list what stands in the row
     * @param field under which name, for messages
     */
    static List<Message> read(JsonNode list, String field) {
        if (!list.isArray() || list.isEmpty()) {
            throw new RowException("has " + field + " that is no list of turns");
        }
        List<Message> messages = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            String at = field + "[" + i + "]";
            if (!list.get(i).isObject()) {
                throw new RowException("has " + at + " that is no object");
            }
            messages.add(new TurnReader(list.get(i), at).message());
        }
        return messages;
    }

    private Message message() {
        Role role = role();
        boolean learned = TrainingFields.checkTurn(turn, at, role == Role.ASSISTANT);
        boolean called = false;
        for (Map.Entry<String, JsonNode> field : turn.properties()) {
            if (TrainingFields.isOfTemplate(field.getKey()) && says(field.getValue())) {
                called |= take(field.getKey(), field.getValue(), role);
            }
        }
        if (text(roleKey).equalsIgnoreCase(CALL)) {
            fields.set("tool_calls", calls());
            fields.set(Message.CONTENT, JSON.textNode(""));
            return new Message(role, "", learned, fields);
        }
        return new Message(role, called ? contentBesideCalls() : content(), learned, fields);
    }

    private static boolean says(JsonNode value) {
        return !TrainingFields.isEmpty(value) && !(value.isBoolean() && !value.booleanValue());
    }

    /** Takes a field for the template; says whether it is a call. */
    private boolean take(String name, JsonNode value, Role role) {
        boolean calls = TrainingFields.isCalls(name);
        if (!calls && !value.isTextual()) {
            throw new RowException("has " + at + name + " that is not text");
        }
        if (calls && role != Role.ASSISTANT) {
            throw new RowException("has " + at + name + " of role " + role.text() + ": only the assistant calls tools");
        }
        if (calls && !(value.isObject() || isObjects(value))) {
            throw new RowException(
                    "has " + at + name + " that is no call: a call is an object, several are a list of them");
        }
        Texts.requireUnicode(value, at + name);
        fields.set(name, value);
        return calls;
    }

    private static boolean isObjects(JsonNode list) {
        boolean objects = list.isArray();
        for (JsonNode item : list) {
            objects &= item.isObject();
        }
        return objects;
    }

    private Role role() {
        String role = text(roleKey).toLowerCase(Locale.ROOT);
        return switch (role) {
            case "system" -> Role.SYSTEM;
            case "user", "human" -> Role.USER;
            case "assistant", "gpt", "model", CALL -> Role.ASSISTANT;
            case "tool", "observation", "function_response" -> Role.TOOL;
            case "function" -> Role.FUNCTION;
            case "ipython" -> throw unused(role, "write role tool");
            case "developer" -> throw unused(role, "write role system");
            default -> throw new RowException("has " + at + roleKey + " that is not system, user, assistant or tool");
        };
    }

    private RowException unused(String role, String right) {
        return new RowException("has " + at + roleKey + " " + role + ", which this release does not use: " + right);
    }

    private String text(String key) {
        return turn.path(key).asText("");
    }

    private String content() {
        return Texts.read(turn.path(contentKey), at + contentKey);
    }

    /** Content may be absent beside calls, and templates tell that from content that is empty. */
    private String contentBesideCalls() {
        JsonNode content = turn.path(contentKey);
        boolean none = content.isMissingNode() || content.isNull();
        String text = none ? "" : content();
        if (text.isEmpty() && !content.isMissingNode()) {
            fields.set(Message.CONTENT, content.isNull() ? content : JSON.textNode(""));
        }
        return text;
    }

    private JsonNode calls() {
        JsonNode value = TemplateFields.parsed(turn.path(contentKey));
        ArrayNode calls = JSON.arrayNode();
        for (JsonNode call : value.isArray() ? value : List.of(value)) {
            if (!call.isObject() || !call.path("name").isTextual()) {
                throw new RowException("has " + at + contentKey + " of a " + CALL
                        + " that is no call: JSON with name and arguments, or a list of such");
            }
            calls.addObject().put("type", "function").set("function", call);
        }
        if (calls.isEmpty()) {
            throw new RowException("has " + at + contentKey + " of a " + CALL + " without a call");
        }
        return calls;
    }
}
