package dev.safefinetune.local.api.model;

/**
 * What is wrong with one field, in the words of a real API server.
 *
 * @param reason such as {@code FieldValueInvalid}
 * @param field its path, such as {@code spec.backoffLimit}
 * @param message without the field, such as {@code Invalid value: -1: must be greater than or equal to 0}
 */
public record FieldFault(String reason, String field, String message) {

    /** The value breaks a rule. */
    public static FieldFault invalid(String field, Object value, String rule) {
        return new FieldFault("FieldValueInvalid", field, "Invalid value: " + shown(value) + ": " + rule);
    }

    /** The field has to be there. */
    public static FieldFault required(String field, String why) {
        return new FieldFault("FieldValueRequired", field, "Required value" + (why.isEmpty() ? "" : ": " + why));
    }

    /** The change is not allowed. */
    public static FieldFault forbidden(String field, String why) {
        return new FieldFault("FieldValueForbidden", field, "Forbidden: " + why);
    }

    private static String shown(Object value) {
        return value instanceof String text ? '"' + text + '"' : value.toString();
    }

    @Override
    public String toString() {
        return field + ": " + message;
    }
}
