package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.trainer.data.Message.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
            return TurnReader.read(row.get("messages"), "messages");
        }
    },
    /** ShareGPT: {@code {"conversations": [{"from": "human" | "gpt" | "system", "value": …}, …]}}. */
    SHARE_GPT("conversations") {
        @Override
        List<Message> read(JsonNode row) {
            return TurnReader.read(row.get("conversations"), "conversations");
        }
    },
    /** {@code {"prompt": …, "completion": …}}, each text or turns. Only the completion bears loss. */
    PROMPT_COMPLETION("prompt", "completion") {
        @Override
        List<Message> read(JsonNode row) {
            List<Message> turns = new ArrayList<>(RowTurns.history(row));
            turnsOrText(row, "prompt", Role.USER).forEach(turn -> turns.add(turn.unlearned()));
            turns.addAll(turnsOrText(row, "completion", Role.ASSISTANT));
            return turns;
        }

        @Override
        Set<String> ofRequest() {
            return Set.of("context", "input");
        }

        @Override
        boolean hasHistory() {
            return true;
        }
    },
    /** Alpaca: {@code {"instruction": …, "input": …, "output": …}}; the input, if any, follows the instruction. */
    ALPACA("instruction", "output") {
        @Override
        List<Message> read(JsonNode row) {
            String input = row.hasNonNull("input") ? text(row, "input") : "";
            String request = text(row, "instruction") + (input.isBlank() ? "" : "\n\n" + input);
            List<Message> turns = new ArrayList<>(RowTurns.history(row));
            turns.add(new Message(Role.USER, request));
            turns.add(new Message(Role.ASSISTANT, text(row, "output")));
            return turns;
        }

        @Override
        Set<String> ofRequest() {
            return Set.of("context");
        }

        @Override
        boolean hasHistory() {
            return true;
        }
    },
    /** Plain text: {@code {"text": …}}; read only where it is asked for. */
    TEXT(RowText.FIELD) {
        @Override
        List<Message> read(JsonNode row) {
            return List.of(new Message(Role.ASSISTANT, RowText.read(row)));
        }
    };

    /** Longest category; it becomes a key of figures on the resource's status. */
    private static final int MAX_CATEGORY = 63;

    private final List<String> fields;

    RowFormat(String... fields) {
        this.fields = List.of(fields);
    }

    abstract List<Message> read(JsonNode row);

    /** Names of texts that other datasets keep beside the request, as a part of it, and that this form does not read. */
    Set<String> ofRequest() {
        return Set.of();
    }

    /** Whether {@code history} is read, which stands before a row's own request. */
    boolean hasHistory() {
        return false;
    }

    /** The form of a conversation whose fields the row has, the first of several. */
    static RowFormat of(JsonNode row) {
        return Arrays.stream(values())
                .filter(f -> f != TEXT && f.isOf(row))
                .findFirst()
                .orElseThrow(() -> new RowException(unread(row)));
    }

    /** Whether a row has this form's fields. */
    boolean isOf(JsonNode row) {
        return fields.stream().allMatch(row::has);
    }

    private static String unread(JsonNode row) {
        if (row.has("chosen") && row.has("rejected")) {
            return "has chosen and rejected: pairs of answers are not read; write the good one as messages, or as prompt"
                    + " and completion";
        }
        return TEXT.isOf(row)
                ? "has no messages, but text: plain text is read of the data that a fine-tune learns from alone, where its"
                        + " format is Text"
                : "has no messages (nor conversations, prompt and completion, or instruction and output)";
    }

    /** The row as a conversation that has an answer. */
    List<Message> messages(JsonNode row) {
        TrainingFields.checkRow(row, ofRequest(), hasHistory());
        List<Message> messages = RowTurns.withSystem(row, read(row));
        if (messages.stream().noneMatch(Message::isAnswer)) {
            throw new RowException("has no assistant turn");
        }
        if (messages.stream().noneMatch(Message::isLearned)) {
            throw new RowException(
                    "has no answer that bears loss, and would teach nothing; leave the row out, or let one bear loss");
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
        if (message.isAnswer() && message.content().isBlank() && !message.hasCalls()) {
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

    /** The row's category where it has one that is right; anything else under that name is somebody's note. */
    static @Nullable String unjudged(JsonNode row) {
        try {
            return category(row);
        } catch (RowException e) {
            return null;
        }
    }

    private static List<Message> turnsOrText(JsonNode row, String field, Role role) {
        JsonNode value = row.path(field);
        boolean turns = value.path(0).has("role") || value.path(0).has("from");
        return turns ? TurnReader.read(value, field) : List.of(new Message(role, Texts.read(value, field)));
    }

    private static String text(JsonNode row, String field) {
        return Texts.read(row.path(field), field);
    }
}
