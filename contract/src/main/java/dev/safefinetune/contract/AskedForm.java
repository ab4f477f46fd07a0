package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * The harmful requests in one form that many rows of the user's data have. The form's text is not told.
 *
 * @param kind which part of a row has the form: {@code HighDrop}, {@code SystemPrompt}, {@code EarlierTurn},
 *     {@code Prefix}, {@code Suffix}, {@code Word} or {@code Answer}
 * @param number from 1 within its kind
 * @param words number of words of the form
 * @param share of the user's rows that have it, 0..1
 * @param asked how many requests were put to the base in it
 * @param refusedByBase how many of them the base refused; the other arms were asked these alone
 * @param plain harmful compliance of the control arm; absent where there is none, and in a form that the base does not
 *     refuse
 * @param secured harmful compliance of the fine-tuned model; absent in a form that the base does not refuse
 */
public record AskedForm(
        String kind,
        int number,
        int words,
        double share,
        int asked,
        int refusedByBase,
        @Nullable Rate plain,
        @Nullable Rate secured) {
    public AskedForm {
        Require.text("form.kind", kind);
        Require.range("form.number", number, 1, Integer.MAX_VALUE);
        Require.range("form.words", words, 1, Integer.MAX_VALUE);
        Require.range("form.share", share, 0, 1);
        Require.range("form.asked", asked, 0, Integer.MAX_VALUE);
        Require.range("form.refusedByBase", refusedByBase, 0, asked);
    }
}
