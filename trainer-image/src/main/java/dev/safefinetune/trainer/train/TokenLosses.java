package dev.safefinetune.trainer.train;

import java.util.Arrays;

/**
 * What switching the vector on does to the loss of each of a sample's answer tokens, before training. The arrays are shared,
 * not copied; nobody writes to them.
 *
 * @param index the sample's index in its dataset
 * @param off negative log-likelihood of each answer token with the vector off, in nats
 * @param on the same with the vector on
 * @param starts which answer tokens are the first of an assistant's turn; the first one always is
 */
@SuppressWarnings("ArrayRecordComponent") // millions of tokens
public record TokenLosses(int index, float[] off, float[] on, int[] starts) {
    public TokenLosses {
        if (off.length == 0 || off.length != on.length || starts.length == 0 || starts[0] != 0) {
            throw new IllegalArgumentException(
                    "a sample needs answer tokens, off and on alike, and a turn from the first");
        }
    }

    /** Number of answer tokens. */
    public int length() {
        return off.length;
    }

    /** One answer token as if it were the whole answer. */
    public SampleDrop token(int token) {
        return new SampleDrop(index, off[token], on[token], 1);
    }

    /** Whether a token has a loss to speak of: what the model knows already teaches nothing. */
    public boolean isTelling(int token) {
        return off[token] >= SampleDrop.LEAST_LOSS;
    }

    /** How many answer tokens of the same turn come before one. */
    public int place(int token) {
        int found = Arrays.binarySearch(starts, token);
        return token - starts[found >= 0 ? found : -found - 2];
    }

    /** The means over the answer. */
    public SampleDrop sample() {
        return new SampleDrop(index, sum(off) / off.length, sum(on) / on.length, off.length);
    }

    private static double sum(float[] losses) {
        double sum = 0;
        for (float loss : losses) {
            sum += loss;
        }
        return sum;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof TokenLosses other
                && index == other.index
                && Arrays.equals(off, other.off)
                && Arrays.equals(on, other.on)
                && Arrays.equals(starts, other.starts);
    }

    @Override
    public int hashCode() {
        return 31 * index + Arrays.hashCode(off);
    }

    @Override
    public String toString() {
        return "TokenLosses[index=" + index + ", length=" + off.length + "]";
    }
}
