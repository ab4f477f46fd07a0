package dev.safefinetune.trainer.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a dataset.
 *
 * @param index position in the dataset it was read from, from 0
 * @param line line of the file, from 1, for messages
 * @param messages the conversation; at least one assistant turn that is learned. A text is one such turn.
 * @param category harm category or task, where the row has one
 * @param fields what the chat template gets beside the conversation
 * @param isText whether it is plain text, which no chat template is to write
 */
public record Sample(
        int index,
        int line,
        List<Message> messages,
        @Nullable String category,
        TemplateFields fields,
        boolean isText) {
    public Sample {
        messages = List.copyOf(messages);
        if (messages.stream().noneMatch(Message::isLearned)) {
            throw new IllegalArgumentException("a sample needs an assistant turn that is learned");
        }
    }

    /** A conversation. */
    public Sample(int index, int line, List<Message> messages, @Nullable String category, TemplateFields fields) {
        this(index, line, messages, category, fields, false);
    }

    /** A sample of turns alone. */
    public Sample(int index, int line, List<Message> messages, @Nullable String category) {
        this(index, line, messages, category, TemplateFields.NONE);
    }

    /** All of it, as a chat template writes it. */
    public Conversation conversation() {
        return new Conversation(messages, fields);
    }

    /** The conversation up to its last answer that is learned: what a model is asked. */
    public Conversation prompt() {
        return conversation().before(lastAnswer());
    }

    /** Content of the last answer that is learned: what a model is to answer. */
    public String answer() {
        return messages.get(lastAnswer()).content();
    }

    /** Whether the answer is one to a user's request, and not only text that follows something else. */
    public boolean isRequested() {
        int before = lastAnswer() - 1;
        return before >= 0
                && messages.get(before).role() == Message.Role.USER
                && !messages.get(before).content().isBlank();
    }

    private int lastAnswer() {
        int last = messages.size() - 1;
        while (!messages.get(last).isLearned()) {
            last--;
        }
        return last;
    }
}
