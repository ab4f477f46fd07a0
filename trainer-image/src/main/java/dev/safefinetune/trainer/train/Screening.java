package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;

/** The figure that gate and screening share, measured once before training. */
public final class Screening {
    private Screening() {}

    /**
     * Two forward passes over all samples, with the vector off and on. The vector is off afterwards.
     *
     * @param vector not attached
     * @return one drop a sample, in the order given
     */
    public static List<SampleDrop> drops(
            CausalModel model, Adapter vector, List<EncodedSample> samples, int microBatchTokens) {
        throw new IllegalStateException(model.toString() + vector + samples + microBatchTokens);
    }
}
