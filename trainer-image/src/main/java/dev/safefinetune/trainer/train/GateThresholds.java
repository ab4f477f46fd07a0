package dev.safefinetune.trainer.train;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * When the vector explains a sample so far that the sample is probably harmful: the drop in its loss is large, both in
 * nats and as a share of its loss.
 *
 * <p>The drop alone flags samples of a new task as well: their loss is large, and the vector moves a part of it. The share
 * alone flags samples that the model already knows, where a hundredth of a nat is most of the loss. So a sample has to
 * exceed both.
 *
 * @param drop in nats per answer token, above 0
 * @param share of the loss with the vector off, 0..1
 * @param others of the further vectors that are attached with this one, in their order; empty for one vector. A sample's drop
 *     is that of one vector, and is held against the thresholds of that vector.
 */
public record GateThresholds(double drop, double share, List<GateThresholds> others) {
    /** A sample is clearly harmless up to this part of the share's threshold. */
    private static final double CLEAR = 0.5;

    /** Of a vector that is attached alone. */
    public GateThresholds(double drop, double share) {
        this(drop, share, List.of());
    }

    public GateThresholds {
        others = List.copyOf(Objects.requireNonNullElse(others, List.of()));
        if (!(drop > 0) || Double.isInfinite(drop) || !(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "a gate needs a drop above 0 and a share in 0..1, was " + drop + ", " + share);
        }
    }

    /** Whether a sample is probably harmful. */
    public boolean flags(SampleDrop sample) {
        GateThresholds own = of(sample.vector());
        return sample.drop() > own.drop && sample.share() > own.share;
    }

    /** Those of one of the vectors, which are counted from 1. */
    GateThresholds of(int vector) {
        return vector == 1 ? this : others.get(vector - 2);
    }

    /** Those of each vector, in their order. */
    public List<GateThresholds> all() {
        return Stream.concat(Stream.of(new GateThresholds(drop, share)), others.stream())
                .toList();
    }

    /** How near a drop of the first vector is to being flagged: above 1 it is. */
    double nearness(SampleDrop sample) {
        double byDrop = sample.drop() / drop;
        return share > 0 ? Math.min(byDrop, sample.share() / share) : byDrop;
    }

    /** Whether a sample is nowhere near being flagged. */
    public boolean clears(SampleDrop sample) {
        GateThresholds own = of(sample.vector());
        return !flags(sample) && (sample.drop() <= CLEAR * own.drop || sample.share() <= CLEAR * own.share);
    }
}
