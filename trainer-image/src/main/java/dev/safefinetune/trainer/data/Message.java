package dev.safefinetune.trainer.data;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param content what is said
 */
public record Message(Role role, String content) {
    /** Who speaks. */
    public enum Role {
        SYSTEM("system"),
        USER("user"),
        ASSISTANT("assistant");

        private final String text;

        Role(String text) {
            this.text = text;
        }

        /** The name as it stands in datasets and chat templates. */
        public String text() {
            return text;
        }
    }
}
