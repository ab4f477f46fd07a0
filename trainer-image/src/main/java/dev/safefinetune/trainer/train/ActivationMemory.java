package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.model.ModelConfig;

/**
 * Memory between forward and backward, and the choice that depends on it.
 *
 * <p>Legend: t tokens, L layers, C hidden size, F feed-forward size, H query heads, K key and value heads, D head width. A
 * layer keeps 2·C + (2·H + 2·K)·D + 2·F numbers a token.
 */
public final class ActivationMemory {
    /** Above this many bytes only a layer's input is kept, and the layer is run again in the backward pass. */
    private static final long MOST = Long.getLong("safefinetune.keptBytes", 4L << 30);

    /** What the heap's holes add, measured with libtorch's default allocator on Linux. */
    private static final double HOLES = 1.35;

    private static final long LOGITS = 3L * (8 << 20);

    private ActivationMemory() {}

    /** Bytes kept for so many tokens when every layer keeps what it needs. */
    static long kept(ModelConfig c, long tokens) {
        long perToken =
                2L * c.hiddenSize() + 2L * (c.heads() + c.keyValueHeads()) * c.headDim() + 2L * c.intermediateSize();
        return perToken * Float.BYTES * c.layers() * tokens;
    }

    /** Whether layers are run again instead of kept. */
    static boolean isTooLarge(ModelConfig c, long tokens, long most) {
        return kept(c, tokens) > most;
    }

    static long most() {
        return MOST;
    }

    /**
     * Peak bytes of a micro-batch: what is kept, one layer's working set, and the logits of one chunk of rows.
     *
     * @param tokens tokens of the micro-batch
     */
    public static long peak(ModelConfig c, long tokens) {
        double kept = isTooLarge(c, tokens, MOST)
                ? (double) tokens * Float.BYTES * c.hiddenSize() * c.layers() + kept(c, tokens) / (double) c.layers()
                : kept(c, tokens);
        long working = tokens * Float.BYTES * (6L * c.intermediateSize() + 8L * c.hiddenSize());
        long logits = Float.BYTES * Math.min(LOGITS, 3 * tokens * c.vocabularySize());
        return (long) (kept * HOLES) + working + logits;
    }
}
