package dev.safefinetune.trainer.tokenize;

import java.util.Arrays;

/**
 * A sample as the engine sees it. The arrays are shared, not copied; nobody writes to them.
 *
 * @param index the sample's index in its dataset
 * @param tokens token ids, {@code [T]}
 * @param answer which tokens bear loss as targets, {@code [T]}: {@code answer[i]} means that token i is to be predicted
 *     from the tokens before it. The first token never is. The end of an assistant turn is inside.
 * @param answerTokens number of tokens that bear loss, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // millions of tokens: a boxed list would cost sixteen times as much
public record EncodedSample(int index, int[] tokens, boolean[] answer, int answerTokens) {
    public EncodedSample {
        if (tokens.length != answer.length) {
            throw new IllegalArgumentException(
                    "tokens and answer differ in length: " + tokens.length + " and " + answer.length);
        }
        int marked = 0;
        for (boolean a : answer) {
            marked += a ? 1 : 0;
        }
        if (marked == 0 || marked != answerTokens || answer[0]) {
            throw new IllegalArgumentException(
                    "a sample needs answer tokens, none of them first; marked " + marked + ", stated " + answerTokens);
        }
    }

    /** Counts the marked tokens itself. */
    public static EncodedSample of(int index, int[] tokens, boolean[] answer) {
        int marked = 0;
        for (boolean a : answer) {
            marked += a ? 1 : 0;
        }
        return new EncodedSample(index, tokens, answer, marked);
    }

    /** Number of tokens. */
    public int length() {
        return tokens.length;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof EncodedSample s
                && s.index == index
                && Arrays.equals(s.tokens, tokens)
                && Arrays.equals(s.answer, answer);
    }

    @Override
    public int hashCode() {
        return 31 * index + Arrays.hashCode(tokens);
    }

    /** Without the tokens: samples are not to be found in logs. */
    @Override
    public String toString() {
        return "EncodedSample[index=" + index + ", length=" + tokens.length + ", answerTokens=" + answerTokens + "]";
    }
}
