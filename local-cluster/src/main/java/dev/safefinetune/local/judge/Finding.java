package dev.safefinetune.local.judge;

/**
 * Something that is wrong with an object.
 *
 * @param type in which way
 * @param field path such as {@code spec.method.lora.rank} or {@code spec.tolerations[0].key}; empty for the object itself
 * @param value the offending value as JSON; empty where there is none
 * @param message what would be right
 */
public record Finding(Type type, String field, String value, String message) {
    /** Ways to be wrong, as the API server tells them apart. */
    public enum Type {
        UNKNOWN_FIELD("Unknown field", false),
        REQUIRED("Required value", true),
        WRONG_TYPE("Invalid value", true),
        INVALID("Invalid value", false),
        NOT_SUPPORTED("Unsupported value", true),
        TOO_LONG("Too long", true),
        TOO_MANY("Too many", true),
        DUPLICATE("Duplicate value", false);

        private final String text;
        private final boolean blocking;

        Type(String text, boolean blocking) {
            this.text = text;
            this.blocking = blocking;
        }

        /** Whether the API server evaluates no rules on an object that is wrong in this way. */
        public boolean isBlocking() {
            return blocking;
        }
    }

    /** In the API server's words, {@code field: kind of error: value: message}. */
    public String text() {
        StringBuilder text = new StringBuilder(field.isEmpty() ? "<nil>" : field);
        text.append(": ").append(type.text);
        if (!value.isEmpty()) {
            text.append(": ").append(value);
        }
        if (!message.isEmpty()) {
            text.append(": ").append(message);
        }
        return text.toString();
    }
}
