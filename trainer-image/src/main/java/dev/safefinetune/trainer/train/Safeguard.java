package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A security vector and how a training uses it.
 *
 * @param vector attached and frozen for the samples in its scope, off in cooldown and afterwards
 * @param drops of the task's samples, in their order, as {@link Screening} measured them; empty without a gate
 * @param gate samples that exceed these thresholds are left out of the optimizer's steps; absent: none is. With a gate,
 *     samples that the vector makes much harder are trained with the vector off.
 * @param scope which of the samples that are not left out are trained with the vector on
 * @param refusals the base's own refusals, mixed into each step with {@link VectorScope#DOUBTFUL_SAMPLES}; may be empty
 * @param masks of the task's samples, in their order, where the gate judges tokens; the task's samples have them applied
 * @param anchor holds the model's states at some requests in each step of training and cooldown; absent: nothing does
 */
public record Safeguard(
        Adapter vector,
        List<SampleDrop> drops,
        @Nullable GateThresholds gate,
        VectorScope scope,
        List<EncodedSample> refusals,
        @Nullable List<TokenMask> masks,
        @Nullable Anchor anchor) {
    public Safeguard {
        drops = List.copyOf(drops);
        refusals = List.copyOf(refusals);
        masks = masks == null ? null : List.copyOf(masks);
        if (masks != null && masks.size() != drops.size()) {
            throw new IllegalArgumentException("a gate of tokens needs one mask a sample");
        }
        if (scope == VectorScope.DOUBTFUL_SAMPLES && (gate == null || refusals.isEmpty())) {
            throw new IllegalArgumentException("a vector on doubtful samples alone needs a gate and refusals");
        }
    }

    /** What of a sample is left out; absent where whole samples are judged. */
    @Nullable
    TokenMask mask(int sample) {
        return masks == null ? null : masks.get(sample);
    }

    /** The vector on for all samples and none left out. */
    public static Safeguard always(Adapter vector) {
        return new Safeguard(vector, List.of(), null, VectorScope.ALL_SAMPLES, List.of(), null, null);
    }

    /** The vector on for all samples but those that the gate leaves out. */
    public static Safeguard gated(Adapter vector, List<SampleDrop> drops, GateThresholds gate) {
        return new Safeguard(vector, drops, gate, VectorScope.ALL_SAMPLES, List.of(), null, null);
    }

    /** The same with an anchor, or without one. */
    public Safeguard with(@Nullable Anchor other) {
        return new Safeguard(vector, drops, gate, scope, refusals, masks, other);
    }
}
