package dev.safefinetune.world.plainenglish;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a dataset.
 *
 * @param messages a conversation
 * @param category what it counts as where the dataset is judged by category
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Row(List<Message> messages, @Nullable String category) {
    private static final String UNANSWERED = "?";

    /** One turn of a conversation. */
    public record Message(String role, String content) {}

    public Row {
        messages = List.copyOf(messages);
    }

    /** A question that is still to be answered: its answer stands for the turn that a dataset has to have. */
    static Row question(String question) {
        return exchange(question, UNANSWERED, null);
    }

    static Row exchange(String question, String answer, @Nullable String category) {
        return new Row(List.of(new Message("user", question), new Message("assistant", answer)), category);
    }

    String user() {
        return messages.getFirst().content();
    }

    String assistant() {
        return messages.getLast().content();
    }
}
