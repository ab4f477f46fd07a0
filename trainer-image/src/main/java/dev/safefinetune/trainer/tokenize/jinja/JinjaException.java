package dev.safefinetune.trainer.tokenize.jinja;

/** A template that cannot be parsed or rendered. */
public final class JinjaException extends RuntimeException {
    private final boolean refusal;

    private JinjaException(String message, boolean refusal) {
        super(message);
        this.refusal = refusal;
    }

    static JinjaException at(int line, String message) {
        return new JinjaException("line " + line + ": " + message, false);
    }

    static JinjaException of(String message) {
        return new JinjaException(message, false);
    }

    static JinjaException refused(String message) {
        return new JinjaException(message, true);
    }

    /** Whether the template itself refused the conversation, by {@code raise_exception}. */
    public boolean isRefusal() {
        return refusal;
    }
}
