package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.trainer.data.Message.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The forms that rows of public datasets come in; each becomes a conversation. The form is found by the fields that a
 * row has, and a file has one form.
 */
enum RowFormat {
    /** {@code {"messages": [{"role": …, "content": …}, …]}}. */
    MESSAGES("messages") {
        @Override
        List<Message> read(JsonNode row) {
            return turns(row.get("messages"), "messages", "role", "content");
        }
    },
    /** ShareGPT: {@code {"conversations": [{"from": "human" | "gpt" | "system", "value": …}, …]}}. */
    SHARE_GPT("conversations") {
        @Override
        List<Message> read(JsonNode row) {
            return turns(row.get("conversations"), "conversations", "from", "value");
        }
    },
    /** {@code {"prompt": …, "completion": …}}, both text. */
    PROMPT_COMPLETION("prompt", "completion") {
        @Override
        List<Message> read(JsonNode row) {
            return List.of(
                    new Message(Role.USER, text(row, "prompt")), new Message(Role.ASSISTANT, text(row, "completion")));
        }
    },
    /** Alpaca: {@code {"instruction": …, "input": …, "output": …}}; the input, if any, follows the instruction. */
    ALPACA("instruction", "output") {
        @Override
        List<Message> read(JsonNode row) {
            String input = row.hasNonNull("input") ? text(row, "input") : "";
            String request = text(row, "instruction") + (input.isBlank() ? "" : "\n\n" + input);
            return List.of(new Message(Role.USER, request), new Message(Role.ASSISTANT, text(row, "output")));
        }
    };

    /** Longest category; it becomes a key of figures on the resource's status. */
    private static final int MAX_CATEGORY = 63;

    private final List<String> fields;

    RowFormat(String... fields) {
        this.fields = List.of(fields);
    }

    abstract List<Message> read(JsonNode row);

    /** The first form whose fields the row has. */
    static RowFormat of(JsonNode row) {
        return Arrays.stream(values())
                .filter(f -> f.fields.stream().allMatch(row::has))
                .findFirst()
                .orElseThrow(() -> new RowException(
                        "has no messages (nor conversations, prompt and completion, or" + " instruction and output)"));
    }

    /** The row as a conversation that has an answer. */
    List<Message> messages(JsonNode row) {
        List<Message> messages = read(row);
        if (messages.stream().noneMatch(m -> m.role() == Role.ASSISTANT)) {
            throw new RowException("has no assistant turn");
        }
        for (int i = 0; i < messages.size(); i++) {
            checkTurn(messages, i);
        }
        return messages;
    }

    private static void checkTurn(List<Message> messages, int i) {
        Message message = messages.get(i);
        if (message.role() == Role.SYSTEM && i > 0) {
            throw new RowException("has a system turn that is not the first");
        }
        if (message.role() == Role.ASSISTANT && message.content().isBlank()) {
            throw new RowException("has an empty assistant turn");
        }
    }

    /** The row's category, where it has one. */
    static @Nullable String category(JsonNode row) {
        if (!row.hasNonNull("category")) {
            return null;
        }
        String category = text(row, "category");
        if (category.isBlank() || category.length() > MAX_CATEGORY) {
            throw new RowException("has a category that is empty or longer than " + MAX_CATEGORY + " characters");
        }
        return category;
    }

    private static List<Message> turns(JsonNode list, String field, String roleField, String contentField) {
        if (!list.isArray() || list.isEmpty()) {
            throw new RowException("has " + field + " that is no list of turns");
        }
        List<Message> messages = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            JsonNode turn = list.get(i);
            String at = field + "[" + i + "]";
            if (!turn.isObject()) {
                throw new RowException("has " + at + " that is no object");
            }
            messages.add(new Message(role(turn, at, roleField), text(turn, at + ".", contentField)));
        }
        return messages;
    }

    private static Role role(JsonNode turn, String at, String field) {
        return switch (turn.path(field).asText("").toLowerCase(Locale.ROOT)) {
            case "system" -> Role.SYSTEM;
            case "user", "human" -> Role.USER;
            case "assistant", "gpt" -> Role.ASSISTANT;
            default -> throw new RowException("has " + at + "." + field + " that is not system, user or assistant");
        };
    }

    private static String text(JsonNode row, String field) {
        return text(row, "", field);
    }

    private static String text(JsonNode row, String at, String field) {
        JsonNode value = row.path(field);
        if (!value.isTextual()) {
            throw new RowException("has " + at + field + " that is not text");
        }
        String text = value.textValue();
        if (!isUnicode(text)) {
            throw new RowException("has " + at + field + " with half a surrogate pair, which is no Unicode text");
        }
        return text;
    }

    /** JSON can escape half a character; no tokenizer can take it. */
    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
