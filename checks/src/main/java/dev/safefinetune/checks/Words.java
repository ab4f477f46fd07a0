package dev.safefinetune.checks;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Values as they stand in a manifest. */
public final class Words {
    private Words() {}

    /** The word of a value. */
    public static String of(Enum<?> value) {
        try {
            JsonProperty word = value.getDeclaringClass().getField(value.name()).getAnnotation(JsonProperty.class);
            return word == null ? value.name() : word.value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("a constant is no field of its class", e);
        }
    }
}
