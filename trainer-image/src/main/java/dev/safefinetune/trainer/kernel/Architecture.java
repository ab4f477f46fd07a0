package dev.safefinetune.trainer.kernel;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the arithmetic of a decoder depends on: its sizes, and of each part which variant a family has.
 *
 * @param sizes of its tensors
 * @param norms where root-mean-square norms stand
 * @param projections the linear layers
 * @param attention what the attention sees, and how it scales scores
 * @param rotation rotary position embedding
 * @param scales constants on the way
 * @param tiedHead whether the head is the embedding
 */
public record Architecture(
        Sizes sizes,
        Norms norms,
        Projections projections,
        Attention attention,
        Rotation rotation,
        Scales scales,
        boolean tiedHead) {

    /**
     * @param layers number of decoder layers
     * @param width C, of the residual stream
     * @param feedWidth F, of the feed-forward layer
     * @param heads number of query heads
     * @param keyValueHeads number of key and value heads; divides {@code heads}
     * @param headDim D, width of a head, even
     */
    public record Sizes(int layers, int width, int feedWidth, int heads, int keyValueHeads, int headDim) {}

    /**
     * @param epsilon ε
     * @param place where they stand in a layer
     * @param offset whether the checkpoint holds the gain less 1
     * @param heads whether queries and keys are normed, and over what
     */
    public record Norms(double epsilon, Place place, boolean offset, Heads heads) {
        /** In a layer: before attention and feed-forward, behind them, or both. */
        public enum Place {
            BEFORE,
            AFTER,
            BOTH;

            boolean before() {
                return this != AFTER;
            }

            boolean after() {
                return this != BEFORE;
            }
        }

        /** Of queries and keys: none, each head by itself, or all heads as one row. */
        public enum Heads {
            NONE,
            EACH,
            ALL
        }
    }

    /**
     * @param fusedAttention whether queries, keys and values come out of one matrix
     * @param fusedFeed whether gate and up come out of one matrix
     * @param headBias whether queries, keys and values have a bias
     * @param outputBias whether the attention's output has one
     * @param feedBias whether the feed-forward's layers have one
     * @param activation of the gate
     */
    public record Projections(
            boolean fusedAttention,
            boolean fusedFeed,
            boolean headBias,
            boolean outputBias,
            boolean feedBias,
            Activation activation) {
        /** Of the gate: x · sigmoid(x), or the Gaussian error unit by its approximation with tanh. */
        public enum Activation {
            SILU,
            GELU_TANH
        }
    }

    /**
     * @param scale of the scores
     * @param softCap c of c · tanh(score / c); absent where scores are not capped
     * @param window tokens that a windowed layer sees, itself included; 0 where none is
     * @param windowed of each layer, whether it sees a window only
     */
    public record Attention(double scale, @Nullable Double softCap, int window, List<Boolean> windowed) {
        public Attention {
            windowed = List.copyOf(windowed);
        }
    }

    /**
     * @param width numbers of a head that turn, even; the others stay
     * @param kinds how many pairs of tables there are
     * @param perLayer of each layer the kind by which it turns; {@link #NONE} where it knows no positions
     * @param longFrom documents of more tokens than this turn by the tables' second half; 0 where tables have none
     */
    public record Rotation(int width, int kinds, List<Integer> perLayer, int longFrom) {
        public static final int NONE = -1;

        public Rotation {
            perLayer = List.copyOf(perLayer);
        }
    }

    /**
     * Constants that values are multiplied with; 1 where there is none.
     *
     * @param embedding on embeddings
     * @param residual on what a layer adds to the residual stream
     * @param logits on logits
     * @param logitsCap c of c · tanh(logit / c); absent where logits are not capped
     */
    public record Scales(
            double embedding,
            double residual,
            double logits,
            @Nullable Double logitsCap) {
        public static final Scales NONE = new Scales(1, 1, 1, null);
    }

    /**
     * The parts of the Llama family: norms before, a matrix for each projection, causal attention over all, all layers turned.
     *
     * @param headBias whether the attention's projections have biases, its output's as well
     * @param feedBias whether the feed-forward's have
     */
    public static Architecture llama(
            Sizes sizes, double normEpsilon, boolean headBias, boolean feedBias, boolean tiedHead) {
        return new Architecture(
                sizes,
                new Norms(normEpsilon, Norms.Place.BEFORE, false, Norms.Heads.NONE),
                new Projections(false, false, headBias, headBias, feedBias, Projections.Activation.SILU),
                new Attention(1 / Math.sqrt(sizes.headDim()), null, 0, Collections.nCopies(sizes.layers(), false)),
                new Rotation(sizes.headDim(), 1, Collections.nCopies(sizes.layers(), 0), 0),
                Scales.NONE,
                tiedHead);
    }
}
