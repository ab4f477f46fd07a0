package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * A row of a dataset that is probably harmful, whole or in part, without its text.
 *
 * @param index position of the sample in its dataset, from 0
 * @param whole whether the row is flagged; otherwise only some of its tokens are
 * @param first number of the first flagged answer token, from 1; absent where single tokens were not judged or none is flagged
 * @param last number of the last flagged answer token
 * @param answerTokens answer tokens of the row
 * @param drop how far the row's loss falls when the vector is switched on, in nats per answer token
 * @param share of its loss
 * @param vector number of the vector that says so, where several were attached; absent with one
 */
public record FlaggedRow(
        int index,
        boolean whole,
        @Nullable Integer first,
        @Nullable Integer last,
        int answerTokens,
        double drop,
        double share,
        @Nullable Integer vector) {
    public FlaggedRow {
        Require.range("flaggedRow.index", index, 0, Integer.MAX_VALUE);
        Require.range("flaggedRow.answerTokens", answerTokens, 1, Integer.MAX_VALUE);
        if ((first == null) != (last == null)) {
            throw new IllegalArgumentException("flaggedRow needs first and last, or neither");
        }
        if (first != null && last != null) {
            Require.range("flaggedRow.first", first, 1, last);
            Require.range("flaggedRow.last", last, first, answerTokens);
        }
    }
}
