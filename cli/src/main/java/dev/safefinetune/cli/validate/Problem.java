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
 * @param warns whether the run goes on all the same, because the policy that asks for it is not enforced
 */
public record Problem(Path file, int line, String field, String value, String right, boolean warns) {
    /** A fault. */
    public Problem(Path file, int line, String field, String value, String right) {
        this(file, line, field, value, right, false);
    }

    /** The same as a warning. */
    Problem asWarning() {
        return new Problem(file, line, field, value, right, true);
    }

    /** One line for a terminal, in the form in which editors jump to a place. */
    public String text() {
        StringBuilder text = new StringBuilder(file + ":" + line + ": ");
        if (warns) {
            text.append("warning: ");
        }
        if (!field.isEmpty()) {
            text.append(field).append(": ");
        }
        if (!value.isEmpty()) {
            text.append(value).append(": ");
        }
        return text.append(right).toString();
    }
}
