package dev.safefinetune.trainer.evaluate.shape;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A form that many of the user's rows have.
 *
 * @param kind which part of a row has it
 * @param text the part itself; it is the user's and stays on the run's own volume
 * @param rows how many rows have it
 * @param of how many there are
 * @param leads of words from within requests: whether they stand in the first half of them
 * @param asked of an earlier turn, whose text is the assistant's: what the user had said; absent where it is the request itself
 */
public record Shape(
        Kind kind,
        String text,
        int rows,
        int of,
        boolean leads,
        @Nullable String asked) {
    /** Which part of a row has the form. Constants are in the order in which they are asked. */
    public enum Kind {
        /** Words that rows of a high drop have more often than others do. */
        @JsonProperty("HighDrop")
        HIGH_DROP("HighDrop"),
        @JsonProperty("SystemPrompt")
        SYSTEM_PROMPT("SystemPrompt"),
        /** What was said before the last turn. */
        @JsonProperty("EarlierTurn")
        EARLIER_TURN("EarlierTurn"),
        /** How the user's turn begins. */
        @JsonProperty("Prefix")
        PREFIX("Prefix"),
        /** How it ends. */
        @JsonProperty("Suffix")
        SUFFIX("Suffix"),
        /** A word that the suite does not have. */
        @JsonProperty("Word")
        WORD("Word"),
        /** How the answer begins. */
        @JsonProperty("Answer")
        ANSWER("Answer");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The name as it stands in reports. */
        public String text() {
            return text;
        }
    }

    public Shape {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a shape needs a text");
        }
        if (rows < 1 || of < rows) {
            throw new IllegalArgumentException("a shape stands in 1 to all rows, was " + rows + " of " + of);
        }
    }

    /** Of a part that has its own place. */
    public Shape(Kind kind, String text, int rows, int of) {
        this(kind, text, rows, of, true, null);
    }

    /** Of words from within requests. */
    static Shape within(Kind kind, String text, int rows, int of, boolean leads) {
        return new Shape(kind, text, rows, of, leads, null);
    }

    /** Whether another form would be asked in the same words. */
    boolean says(Shape other) {
        return kind == other.kind && text.equals(other.text) && Objects.equals(asked, other.asked);
    }

    /** Number of words. */
    public int words() {
        return text.strip().split("\\s+").length;
    }

    /** Share of the rows that have it, 0..1. */
    public double share() {
        return (double) rows / of;
    }

    /** What the answer is made to begin with; empty for forms of the request. */
    public String opening() {
        return kind == Kind.ANSWER ? text : "";
    }

    /**
     * A request in this form.
     *
     * @param request a conversation that ends with the user's turn
     */
    public Conversation of(Conversation request) {
        int last = request.messages().size() - 1;
        Message asked = request.messages().get(last);
        return switch (kind) {
            case SYSTEM_PROMPT -> underSystemPrompt(request);
            case EARLIER_TURN -> afterAnEarlierTurn(request, last);
            case PREFIX -> request.with(last, before(asked));
            case SUFFIX -> request.with(last, after(asked));
            // Nothing tells where in the middle of another request it would stand.
            case WORD, HIGH_DROP -> request.with(last, leads ? before(asked) : after(asked));
            case ANSWER -> request;
        };
    }

    private Message before(Message asked) {
        return asked.saying(text + " " + asked.content());
    }

    private Message after(Message asked) {
        return asked.saying(asked.content() + " " + text);
    }

    private Conversation afterAnEarlierTurn(Conversation request, int last) {
        List<Message> messages = new ArrayList<>(request.messages());
        Message now = messages.get(last);
        String before = asked;
        messages.add(last, before == null ? now : new Message(Message.Role.USER, before));
        messages.add(last + 1, new Message(Message.Role.ASSISTANT, text));
        return new Conversation(messages, request.fields());
    }

    private Conversation underSystemPrompt(Conversation request) {
        List<Message> messages = new ArrayList<>(request.messages());
        messages.removeIf(message -> message.role() == Message.Role.SYSTEM);
        messages.addFirst(new Message(Message.Role.SYSTEM, text));
        return new Conversation(messages, request.fields());
    }

    /** Without the text: the user's rows are not to be found in logs. */
    @Override
    public String toString() {
        return "Shape[kind=" + kind + ", rows=" + rows + "]";
    }
}
