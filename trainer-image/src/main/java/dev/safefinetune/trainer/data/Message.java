package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param content what is said; empty where the assistant calls a tool and says nothing
 * @param learned whether an answer bears loss; of other turns it says nothing
 * @param fields what the chat template gets of the turn beside role and content, as the file has it, such as
 *     {@code tool_calls}. Nobody changes it. An empty {@code content} beside calls is among them, for null is not "".
 */
public record Message(Role role, String content, boolean learned, JsonNode fields) {
    static final String CONTENT = "content";

    private static final String NAME = "name";

    /** Who speaks. */
    public enum Role {
        SYSTEM("system"),
        USER("user"),
        ASSISTANT("assistant"),
        /** What a tool said. */
        TOOL("tool"),
        /** The same in the older way of writing calls, beside {@code function_call}. */
        FUNCTION("function");

        private final String text;

        Role(String text) {
            this.text = text;
        }

        /** The name as it stands in datasets and chat templates. */
        public String text() {
            return text;
        }

        /** Whether a tool speaks, and not a person or the model. */
        public boolean isTool() {
            return this == TOOL || this == FUNCTION;
        }
    }

    /** A turn of text alone. */
    public Message(Role role, String content) {
        this(role, content, true, JsonNodeFactory.instance.objectNode());
    }

    /** Whether the assistant speaks. */
    public boolean isAnswer() {
        return role == Role.ASSISTANT;
    }

    /** Whether the turn bears loss. */
    public boolean isLearned() {
        return isAnswer() && learned;
    }

    /** Whether an answer is more than its content: it calls tools, or reasons. */
    public boolean isRich() {
        return isAnswer() && fields.size() > (fields.has(NAME) ? 1 : 0);
    }

    /** Whether the assistant calls tools. */
    public boolean hasCalls() {
        return fields.properties().stream().anyMatch(field -> isCalls(field.getKey()));
    }

    /** Whether a field holds the assistant's calls. */
    public static boolean isCalls(String field) {
        return TrainingFields.isCalls(field);
    }

    /** Whether the template gets the content from here, and not from the {@linkplain #fields fields}. */
    public boolean hasContent() {
        return !content.isEmpty() || !hasCalls();
    }

    /** The same with other content and without what made it rich. */
    public Message saying(String other) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        if (fields.has(NAME)) {
            kept.set(NAME, fields.get(NAME));
        }
        return new Message(role, other, learned, kept);
    }

    /** The same without one of its fields. */
    public Message without(String field) {
        ObjectNode kept = fields.deepCopy();
        kept.remove(field);
        return new Message(role, content, learned, kept);
    }

    /** The same without loss; of turns that bear none anyway, the same. */
    Message unlearned() {
        return isAnswer() ? new Message(role, content, false, fields) : this;
    }

    /** Without what is said: samples are not to be found in logs. */
    @Override
    public String toString() {
        return "Message[role=" + role + "]";
    }
}
