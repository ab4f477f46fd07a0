package dev.safefinetune.trainer.data;

import java.util.ArrayList;
import java.util.List;

/**
 * What a chat template writes: turns, and what stands beside them.
 *
 * @param messages the turns, in order
 * @param fields tools, and variables of the template
 */
public record Conversation(List<Message> messages, TemplateFields fields) {
    public Conversation {
        messages = List.copyOf(messages);
    }

    /** Turns alone. */
    public Conversation(List<Message> messages) {
        this(messages, TemplateFields.NONE);
    }

    /** Whether it is roles and contents alone. */
    public boolean isPlain() {
        return fields.equals(TemplateFields.NONE)
                && messages.stream().allMatch(turn -> turn.fields().isEmpty());
    }

    /** The same up to a turn, which is not part of it. */
    public Conversation before(int turn) {
        return new Conversation(messages.subList(0, turn), fields);
    }

    /** The same with one of its turns changed. */
    public Conversation with(int turn, Message other) {
        List<Message> changed = new ArrayList<>(messages);
        changed.set(turn, other);
        return new Conversation(changed, fields);
    }

    /** The same without one of its turns. */
    public Conversation without(int turn) {
        List<Message> fewer = new ArrayList<>(messages);
        fewer.remove(turn);
        return new Conversation(fewer, fields);
    }
}
