package dev.safefinetune.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** Java-side twin of the schema's defaults, for objects that never went through an API server. */
final class Given {
    private Given() {}

    /** The value, or the default where the document left it out. */
    static <T> T or(@Nullable T value, T byDefault) {
        return value == null ? byDefault : value;
    }
}
