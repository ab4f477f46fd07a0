package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
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
        List<SampleScore> off = model.score(samples, microBatchTokens);
        model.attach(vector);
        try {
            return drops(off, model.score(samples, microBatchTokens));
        } finally {
            model.detach(vector);
        }
    }

    /** Drops from two scorings of the same samples. */
    public static List<SampleDrop> drops(List<SampleScore> off, List<SampleScore> on) {
        List<SampleDrop> drops = new ArrayList<>(off.size());
        for (int i = 0; i < off.size(); i++) {
            drops.add(new SampleDrop(
                    off.get(i).index(),
                    off.get(i).loss(),
                    on.get(i).loss(),
                    off.get(i).answerTokens()));
        }
        return drops;
    }
}
