package dev.safefinetune.trainer.tokenize.jinja;

import java.util.Iterator;

/**
 * Text that a template builds, and how long that may become: whatever would be longer is refused before it is built, for a
 * template of a few lines can ask for more text than there is memory.
 */
final class BoundedText {
    /** Characters. Twice the longest line of a dataset, so no conversation comes near it. */
    static final int MAX_LENGTH = 32 << 20;

    private final StringBuilder text = new StringBuilder();

    /**
     * Appends.
     *
     * @throws JinjaException when the whole would be longer than {@value #MAX_LENGTH} characters
     */
    BoundedText append(String more) {
        requireLength((long) text.length() + more.length());
        text.append(more);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    static String concat(String first, String second) {
        requireLength((long) first.length() + second.length());
        return first + second;
    }

    /** Texts with a separator between them; they may be made while they are joined. */
    static String join(Iterator<String> texts, String separator) {
        BoundedText joined = new BoundedText();
        for (boolean first = true; texts.hasNext(); first = false) {
            if (!first) {
                joined.append(separator);
            }
            joined.append(texts.next());
        }
        return joined.toString();
    }

    /**
     * A text with a part replaced, from the left; an empty part stands before each character and at the end, as in Python.
     *
     * @param most how often; negative: everywhere
     */
    static String replace(String text, String part, String by, long most) {
        BoundedText replaced = new BoundedText();
        int from = 0;
        int at = text.indexOf(part);
        for (long done = 0; at >= 0 && (most < 0 || done < most); done++) {
            replaced.append(text.substring(from, at)).append(by);
            from = at + part.length();
            int next = part.isEmpty() ? at + 1 : from;
            at = next > text.length() ? -1 : text.indexOf(part, next);
        }
        return replaced.append(text.substring(from)).toString();
    }

    /** Refuses a text of so many characters, for whoever builds it. */
    static void requireLength(long length) {
        if (length > MAX_LENGTH) {
            throw JinjaException.of("a text is longer than " + MAX_LENGTH + " characters");
        }
    }
}
