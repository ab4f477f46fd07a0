package dev.safefinetune.trainer.tokenize.jinja;

/**
 * White space as Python's {@code str.strip} and {@code str.isspace} have it. Java's has no no-break spaces and no next-line
 * control, and an answer that ends with one would be cut at another place than transformers cuts it.
 */
public final class WhiteSpace {
    /** The same as a class of a regular expression. */
    static final String CLASS =
            "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

    private WhiteSpace() {}

    /** Whether a character is white space; none is beyond the basic plane. */
    public static boolean is(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    /** Whether a text is empty or nothing else. */
    public static boolean isAll(String text) {
        return stripLeading(text).isEmpty();
    }

    /** {@code text.strip()}. */
    public static String strip(String text) {
        return stripLeading(stripTrailing(text));
    }

    /** {@code text.lstrip()}. */
    public static String stripLeading(String text) {
        int start = 0;
        while (start < text.length() && is(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    /** {@code text.rstrip()}. */
    public static String stripTrailing(String text) {
        int end = text.length();
        while (end > 0 && is(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }
}
