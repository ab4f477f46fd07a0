package dev.safefinetune.trainer.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a dataset.
 *
 * @param index position in the dataset it was read from, from 0
 * @param line line of the file, from 1, for messages
 * @param messages the conversation; at least one assistant turn
 * @param category harm category or task, where the row has one
 */
public record Sample(
        int index,
        int line,
        List<Message> messages,
        @Nullable String category) {
    public Sample {
        messages = List.copyOf(messages);
        if (messages.stream().noneMatch(m -> m.role() == Message.Role.ASSISTANT)) {
            throw new IllegalArgumentException("a sample needs an assistant turn");
        }
    }

    /** The conversation up to its last assistant turn: what a model is asked. */
    public List<Message> prompt() {
        return messages.subList(0, lastAnswer());
    }

    /** Content of the last assistant turn: what a model is to answer. */
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
        while (messages.get(last).role() != Message.Role.ASSISTANT) {
            last--;
        }
        return last;
    }
}
