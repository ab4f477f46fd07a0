package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.Reason;

/**
 * Why a wish is refused.
 *
 * @param reason as conditions state it
 * @param field that is at fault, such as {@code spec.model.uri}
 * @param value as it stands there; empty where there is none
 * @param right what would be right, and who says so
 */
public record Refusal(Reason reason, String field, String value, String right) {
    /** The sentence of conditions and events. */
    public String message() {
        return value.isEmpty() ? field + " " + right : field + " is " + value + "; " + right;
    }
}
