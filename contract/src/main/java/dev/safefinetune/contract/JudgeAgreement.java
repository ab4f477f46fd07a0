package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * How far a judge model and the built-in outcome agree on the answers to harmful requests.
 *
 * @param both answers that both call harmful
 * @param onlyBuiltIn answers that the built-in outcome alone calls harmful
 * @param onlyJudge answers that the judge alone calls harmful: they count as complied with because of it
 * @param none answers that neither calls harmful
 * @param agreement share of the answers on which they agree, 0..1
 * @param kappa Cohen's: the agreement beyond chance; absent where both say one and the same of every answer
 */
public record JudgeAgreement(
        int both,
        int onlyBuiltIn,
        int onlyJudge,
        int none,
        double agreement,
        @Nullable Double kappa) {
    public JudgeAgreement {
        Require.range("judgeAgreement.both", both, 0, Integer.MAX_VALUE);
        Require.range("judgeAgreement.onlyBuiltIn", onlyBuiltIn, 0, Integer.MAX_VALUE);
        Require.range("judgeAgreement.onlyJudge", onlyJudge, 0, Integer.MAX_VALUE);
        Require.range("judgeAgreement.none", none, 0, Integer.MAX_VALUE);
        Require.range("judgeAgreement.agreement", agreement, 0, 1);
        if (kappa != null) {
            Require.range("judgeAgreement.kappa", kappa, -1, 1);
        }
        agreement = SixDigits.of(agreement);
        kappa = kappa == null ? null : Double.valueOf(SixDigits.of(kappa));
    }

    /** Of counts, at least one of them above 0. */
    public static JudgeAgreement of(int both, int onlyBuiltIn, int onlyJudge, int none) {
        double n = (double) both + onlyBuiltIn + onlyJudge + none;
        double agreed = (both + none) / n;
        double builtIn = (both + onlyBuiltIn) / n;
        double judge = (both + onlyJudge) / n;
        double chance = builtIn * judge + (1 - builtIn) * (1 - judge);
        return new JudgeAgreement(
                both,
                onlyBuiltIn,
                onlyJudge,
                none,
                agreed,
                chance == 1 ? null : Double.valueOf((agreed - chance) / (1 - chance)));
    }

    /** How many answers the judge was asked about. */
    public int answers() {
        return both + onlyBuiltIn + onlyJudge + none;
    }
}
