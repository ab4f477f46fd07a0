package canary.trainer.publish;

/** What the first room must not know. */
public record Published(String uri) {}
