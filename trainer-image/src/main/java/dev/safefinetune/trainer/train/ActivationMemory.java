package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Architecture.Norms;
import dev.safefinetune.trainer.kernel.Kernels;

/**
 * Memory between forward and backward, and the choice that depends on it.
 *
 * <p>Legend: t tokens, L layers, C hidden size, F feed-forward size, H query heads, K key and value heads, D head width. A
 * layer keeps 2·C + (2·H + 2·K)·D + 2·F numbers a token, and 2·C more where norms stand behind its parts.
 */
public final class ActivationMemory {
    /** Above this many bytes only a layer's input is kept, and the layer is run again in the backward pass. */
    private static final long MOST = Long.getLong("safefinetune.keptBytes", 4L << 30);

    /** What the heap's holes add, measured with libtorch's default allocator on Linux. */
    private static final double HOLES = 1.35;

    /** Copies of capped scores that the backward pass has at one time. */
    private static final long SCORES = 4;

    private static final long LOGITS = 3L * (8 << 20);

    private ActivationMemory() {}

    /**
     * Bytes kept for so many tokens when every layer keeps what it needs.
     *
     * @param width bytes of a number
     */
    static long kept(ModelConfig c, long tokens, int width) {
        int widths = c.architecture().norms().place() == Norms.Place.BEFORE ? 2 : 4;
        long perToken = (long) widths * c.hiddenSize()
                + 2L * (c.heads() + c.keyValueHeads()) * c.headDim()
                + 2L * c.intermediateSize();
        return perToken * width * c.layers() * tokens;
    }

    /** Whether layers are run again instead of kept. */
    static boolean isTooLarge(ModelConfig c, long tokens, int width, long most) {
        return kept(c, tokens, width) > most;
    }

    static long most() {
        return MOST;
    }

    /**
     * Peak bytes of a micro-batch.
     *
     * @param tokens tokens of the micro-batch
     * @param width bytes of a number
     */
    public static Peak peak(ModelConfig c, long tokens, int width) {
        return peak(c, tokens, width, MOST);
    }

    /**
     * Peak bytes of a micro-batch.
     *
     * @param most above so many bytes layers are run again in the backward pass
     */
    static Peak peak(ModelConfig c, long tokens, int width, long most) {
        boolean saving = isTooLarge(c, tokens, width, most);
        double kept = saving
                ? (double) tokens * width * c.hiddenSize() * c.layers() + kept(c, tokens, width) / (double) c.layers()
                : kept(c, tokens, width);
        // Within a layer values are float32 in either precision, where the hardware has no products of bfloat16.
        long working = tokens * Float.BYTES * (6L * c.intermediateSize() + 8L * c.hiddenSize());
        if (c.architecture().attention().softCap() != null) {
            working += SCORES * tokens * c.heads() * Kernels.CAPPED_QUERIES * Float.BYTES;
        }
        long logits = Float.BYTES * Math.min(LOGITS, 3 * tokens * c.vocabularySize());
        return new Peak(saving, (long) (kept * HOLES), working, logits);
    }

    /**
     * Peak bytes of a micro-batch by part.
     *
     * @param checkpointing whether layers are run again in the backward pass instead of being kept
     * @param kept between forward and backward
     * @param working one layer's working set
     * @param logits of one chunk of rows
     */
    public record Peak(boolean checkpointing, long kept, long working, long logits) {
        /** All together. */
        public long total() {
            return kept + working + logits;
        }
    }
}
