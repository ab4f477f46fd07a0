package dev.safefinetune.cli.validate;

import java.nio.file.Path;

/**
 * A fault of a manifest.
 *
 * @param file where it stands
 * @param line from 1
 * @param field path such as {@code spec.method.lora.rank}; empty where the document as a whole is at fault
 * @param value as it stands there; empty where there is none
 * @param right what would be right
 */
public record Problem(Path file, int line, String field, String value, String right) {

    /** One line for a terminal, in the form in which editors jump to a place. */
    public String text() {
        StringBuilder text = new StringBuilder(file + ":" + line + ": ");
        if (!field.isEmpty()) {
            text.append(field).append(": ");
        }
        if (!value.isEmpty()) {
            text.append(value).append(": ");
        }
        return text.append(right).toString();
    }
}
