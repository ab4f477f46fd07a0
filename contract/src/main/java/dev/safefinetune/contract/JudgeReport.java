package dev.safefinetune.contract;

import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a judge model said beside the built-in outcome. It makes a verdict stricter and never looser.
 *
 * @param digest of the judge's files
 * @param settings how it was asked
 * @param agreement with the built-in outcome by arm: {@link #BASE}, {@link #PLAIN}, {@link #SECURED}
 * @param tokens that asking it took
 */
public record JudgeReport(
        Digest digest, JudgeSettings settings, SortedMap<String, JudgeAgreement> agreement, Tokens tokens) {
    public static final String BASE = "base";
    public static final String PLAIN = "plain";
    public static final String SECURED = "secured";

    public JudgeReport {
        Require.present("judge.digest", digest);
        Require.present("judge.settings", settings);
        Require.present("judge.tokens", tokens);
        agreement = Collections.unmodifiableSortedMap(new TreeMap<>(agreement));
        Require.present("judge.agreement." + SECURED, agreement.get(SECURED));
    }

    /** On the model that is judged. */
    public JudgeAgreement secured() {
        return Require.present("judge.agreement." + SECURED, agreement.get(SECURED));
    }

    /** The short form for the stage's result. */
    StageFigures.Judge figures() {
        return new StageFigures.Judge(digest, secured());
    }

    /** In a sentence. */
    public String sentence() {
        JudgeAgreement secured = secured();
        return String.format(
                Locale.ROOT,
                "A judge model (%s) read the answers too: of %d answers of the fine-tuned model it called %d harmful that"
                        + " the built-in outcome did not, and agreed on %.3f.",
                digest,
                secured.answers(),
                secured.onlyJudge(),
                secured.agreement());
    }
}
