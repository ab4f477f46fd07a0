package dev.safefinetune.trainer.pipeline;

import org.jspecify.annotations.Nullable;

/** Something that may be absent and is closed if it is there. */
record Held<T extends AutoCloseable>(@Nullable T value) implements AutoCloseable {
    @Nullable
    T get() {
        return value;
    }

    @Override
    @SuppressWarnings("IllegalCatch")
    public void close() {
        try {
            if (value != null) {
                value.close();
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
