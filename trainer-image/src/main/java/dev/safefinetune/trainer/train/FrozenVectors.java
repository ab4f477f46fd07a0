package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.adapter.AdapterSum;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The security vectors of a run: a sample is judged by each of them alone, because each has thresholds of its own, and is
 * trained with all of them on.
 */
public final class FrozenVectors implements AutoCloseable {
    private final List<Adapter> alone;
    private final Adapter together;

    /**
     * Takes adapters over, and closes them where this fails.
     *
     * @param alone at least one, none attached
     */
    public FrozenVectors(CausalModel model, List<Adapter> alone) {
        this.alone = List.copyOf(alone);
        try {
            this.together = AdapterSum.of(model, this.alone);
        } catch (RuntimeException e) {
            this.alone.forEach(Adapter::close);
            throw e;
        }
    }

    /** Each of them. */
    List<Adapter> alone() {
        return alone;
    }

    /** All of them as one. */
    public Adapter together() {
        return together;
    }

    /**
     * What they say of samples. With one vector two passes over all samples; with more, one with none, one with each, and one
     * with all.
     */
    public <T> List<T> screen(
            CausalModel model, List<EncodedSample> samples, int microBatchTokens, Function<Losses, T> reading) {
        if (alone.size() == 1) {
            return Screening.each(
                    model, alone, samples, microBatchTokens, l -> reading.apply(new Losses(l, l.getFirst())));
        }
        List<Adapter> all = Stream.concat(alone.stream(), Stream.of(together)).toList();
        return Screening.each(
                model,
                all,
                samples,
                microBatchTokens,
                l -> reading.apply(new Losses(l.subList(0, l.size() - 1), l.getLast())));
    }

    /**
     * What they say of one sample.
     *
     * @param alone with each of them on alone, in their order
     * @param together with all of them on; the same where there is one
     */
    public record Losses(List<TokenLosses> alone, TokenLosses together) {
        public Losses {
            alone = List.copyOf(alone);
        }

        /**
         * The drop under the vector that explains the sample furthest beyond its own thresholds. So the sample is flagged where
         * any of them alone flags it, and clearly harmless where it is so for all.
         *
         * @param thresholds absent where there are none: then the largest drop counts
         */
        public SampleDrop sample(@Nullable GateThresholds thresholds) {
            if (alone.size() == 1) {
                return together.sample();
            }
            int loudest = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < alone.size(); k++) {
                SampleDrop drop = alone.get(k).sample();
                double near =
                        thresholds == null ? drop.drop() : thresholds.of(k + 1).nearness(drop);
                if (near > most) {
                    most = near;
                    loudest = k;
                }
            }
            SampleDrop drop = alone.get(loudest).sample();
            return new SampleDrop(
                    drop.index(),
                    drop.lossOff(),
                    drop.lossOn(),
                    drop.answerTokens(),
                    new SampleDrop.Among(loudest + 1, together.sample().lossOn()));
        }

        /**
         * Which tokens any of them flags.
         *
         * @param thresholds of each, in their order
         */
        public TokenMask mask(List<TokenThresholds> thresholds) {
            if (thresholds.size() != alone.size()) {
                throw new IllegalArgumentException("each vector needs thresholds of its own");
            }
            int telling = 0;
            boolean[] flagged = new boolean[together.length()];
            for (int i = 0; i < flagged.length; i++) {
                for (int k = 0; k < alone.size(); k++) {
                    flagged[i] |= thresholds.get(k).flags(alone.get(k), i);
                }
                telling += flagged[i] || together.isTelling(i) ? 1 : 0;
            }
            return TokenMask.of(flagged.length, telling, i -> flagged[i]);
        }
    }

    @Override
    public void close() {
        alone.forEach(Adapter::close);
        if (alone.size() > 1) {
            together.close();
        }
    }
}
