package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tune's result.
 *
 * @param adapter the user's adapter, not attached; absent after a full fine-tune, where the model's own weights changed.
 *     Whoever asked closes it.
 * @param record what happened
 */
public record FineTuned(@Nullable Adapter adapter, TrainingRecord record) {

    /** The user's adapter, after a LoRA fine-tune. */
    public Adapter learned() {
        Adapter found = adapter;
        if (found == null) {
            throw new IllegalStateException("a full fine-tune has no adapter");
        }
        return found;
    }
}
