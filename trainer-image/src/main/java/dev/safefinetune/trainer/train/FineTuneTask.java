package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to train on, and how.
 *
 * @param settings method, adapter shape and hyper-parameters
 * @param samples the user's samples
 * @param validation held-out samples for the validation loss; may be empty
 * @param vector attached and frozen during training, off in cooldown and afterwards; absent for a plain fine-tune
 * @param drops of {@code samples}, in their order, as {@link Screening} measured them; empty where there is no vector or
 *     the gate is off
 * @param gateDrop samples with a larger drop are left out of the optimizer's steps, in nats; absent: none is. With
 *     a gate, samples that the vector makes much harder are trained with the vector off.
 * @param cooldown trusted benign samples; may be empty
 * @param cooldownSteps steps on them with the vector off at a quarter of the learning rate
 */
public record FineTuneTask(
        FineTuning settings,
        List<EncodedSample> samples,
        List<EncodedSample> validation,
        @Nullable Adapter vector,
        List<SampleDrop> drops,
        @Nullable Double gateDrop,
        List<EncodedSample> cooldown,
        int cooldownSteps) {
    public FineTuneTask {
        samples = List.copyOf(samples);
        validation = List.copyOf(validation);
        drops = List.copyOf(drops);
        cooldown = List.copyOf(cooldown);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("samples must not be empty");
        }
        if (cooldownSteps < 0 || cooldownSteps > 0 && cooldown.isEmpty()) {
            throw new IllegalArgumentException("a cooldown of " + cooldownSteps + " steps needs samples");
        }
        if (gateDrop != null && (vector == null || drops.size() != samples.size())) {
            throw new IllegalArgumentException("a gate needs a vector and one drop a sample");
        }
    }

    /** A fine-tune without vector, gate, validation or cooldown: the control arm, and pre-training. */
    public static FineTuneTask plain(FineTuning settings, List<EncodedSample> samples) {
        return new FineTuneTask(settings, samples, List.of(), null, List.of(), null, List.of(), 0);
    }
}
