package dev.safefinetune.contract;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Checks of record components; each message names the field, what would be right and the value. */
final class Require {
    private Require() {}

    static String text(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(field + " must not be empty");
        }
        return value;
    }

    static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return value;
    }

    static int range(String field, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(field + " must be in " + low + ".." + high + ", was " + value);
        }
        return value;
    }

    static double range(String field, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(field + " must be in " + low + ".." + high + ", was " + value);
        }
        return value;
    }

    static double positive(String field, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(field + " must be a finite number above 0, was " + value);
        }
        return value;
    }

    static <T, C extends Collection<T>> C notEmpty(String field, @Nullable C values) {
        if (values == null || values.isEmpty()) {
            throw new IllegalArgumentException(field + " must not be empty");
        }
        return values;
    }
}
