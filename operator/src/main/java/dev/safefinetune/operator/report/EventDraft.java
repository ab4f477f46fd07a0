package dev.safefinetune.operator.report;

/**
 * An event to be recorded on a resource.
 *
 * @param warning whether somebody should look
 * @param reason one word
 * @param message for people
 */
public record EventDraft(boolean warning, String reason, String message) {}
