package dev.safefinetune.trainer.vector;

import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.TokenLosses;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was measured of a vector on samples that it never saw; the judgement is made elsewhere.
 *
 * @param categories per harm category
 * @param kept losses of benign samples
 * @param randomExplained share of the loss explained by a random vector of the same norm, over all categories: the control
 */
public record VectorFigures(SortedMap<String, Category> categories, List<TokenLosses> kept, double randomExplained) {

    /**
     * Of one harm category.
     *
     * @param losses of its samples
     * @param explained share of the loss explained: (off − on) / (off − floor), losses averaged over samples
     * @param firstTokenCompliance share of samples whose first answer token is the most likely one with the vector on
     * @param gradientNormOff norm of the loss's gradient in a fresh adapter's parameters, vector off
     * @param gradientNormOn the same, vector on
     */
    public record Category(
            List<TokenLosses> losses,
            double explained,
            double firstTokenCompliance,
            double gradientNormOff,
            double gradientNormOn) {
        public Category {
            losses = List.copyOf(losses);
        }

        /** Drops of its samples. */
        public List<SampleDrop> drops() {
            return losses.stream().map(TokenLosses::sample).toList();
        }

        /** Norm on over norm off. */
        public double gradientRatio() {
            return gradientNormOn / gradientNormOff;
        }
    }

    public VectorFigures {
        categories = Collections.unmodifiableSortedMap(new TreeMap<>(categories));
        kept = List.copyOf(kept);
    }

    /** Drops of benign samples. */
    public List<SampleDrop> benign() {
        return kept.stream().map(TokenLosses::sample).toList();
    }

    /** Mean rise of the benign samples' loss when the vector is switched on, in nats. */
    public double benignIncrease() {
        return -benign().stream().mapToDouble(SampleDrop::drop).average().orElse(0);
    }
}
