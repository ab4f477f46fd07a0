package dev.safefinetune.trainer.vector;

import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.TrainingListener;
import dev.safefinetune.trainer.train.TrainingRecord;
import java.util.List;

/**
 * Trains a security vector: min over θ_s of L(f(x; θ + θ_s), y) on harmful samples + β·KL(f(x; θ) ‖ f(x; θ + θ_s)) on
 * benign ones, θ fixed (Zhou et al., arXiv 2311.02105, in the ACL version's single-level form). One joint vector over all
 * harm categories.
 */
public final class VectorTrainer {
    private VectorTrainer() {}

    /**
     * A trained vector.
     *
     * @param vector not attached; whoever asked closes it
     * @param record what happened
     * @param floor mean loss of the harmful samples with the vector on, in nats per answer token: what readiness is
     *     relative to
     */
    public record Trained(Adapter vector, TrainingRecord record, double floor) {}

    /**
     * Trains.
     *
     * @param model nothing attached; its weights stay as they are
     * @param harmful of all categories
     * @param benign samples whose behaviour is to be kept; each step takes half as many of them as of harmful ones
     * @throws dev.safefinetune.trainer.store.TrainerException as {@link dev.safefinetune.trainer.train.FineTuner#train}
     */
    public static Trained train(
            CausalModel model,
            List<EncodedSample> harmful,
            List<EncodedSample> benign,
            VectorTraining training,
            TrainingListener listener) {
        throw new IllegalStateException(model.toString() + harmful + benign + training + listener);
    }
}
