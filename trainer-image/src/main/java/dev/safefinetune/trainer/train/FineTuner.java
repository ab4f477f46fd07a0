package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.model.CausalModel;

/**
 * Fine-tunes a model: min over the user's parameters θ of L(f(x; θ + θ_s), y) with the vector θ_s active and frozen (Zhou
 * et al., arXiv 2311.02105, step 2).
 *
 * <p>Only the user's adapter, or with {@code FULL} the model's weights, receive gradients; hashes of all that is frozen
 * are equal before and after, or the run ends. Afterwards nothing is attached to the model.
 */
public final class FineTuner {
    private FineTuner() {}

    /**
     * Trains.
     *
     * @param model nothing attached. With {@code FULL} its weights become private copies that are changed in place.
     * @throws dev.safefinetune.trainer.store.TrainerException {@code DIVERGED} naming the step where the loss was no number;
     *     {@code SETTINGS_INVALID} for target modules that the model does not have; {@code DATASET_INVALID} for samples
     *     longer than {@code maxSequenceLength} or with token ids that the model does not have
     */
    public static FineTuned train(CausalModel model, FineTuneTask task, TrainingListener listener) {
        throw new IllegalStateException(model.toString() + task + listener);
    }
}
