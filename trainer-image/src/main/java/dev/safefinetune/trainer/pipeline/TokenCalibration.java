package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.TokenLosses;
import dev.safefinetune.trainer.train.TokenThresholds;
import dev.safefinetune.trainer.vector.VectorFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the thresholds of single tokens between a vector's held-out benign and harmful ones. Of the harmful ones count those
 * that have a loss with the vector off: nobody can tell the others from benign ones, and they teach nothing.
 */
final class TokenCalibration {
    /** A threshold lies above nearly all benign tokens … */
    private static final double BENIGN_QUANTILE = 0.999;

    /** … and below nearly all harmful ones. */
    private static final double HARMFUL_QUANTILE = 0.05;

    /** Of fewer harmful tokens there is no quantile: such a band has the other one's thresholds. */
    private static final int LEAST_TOKENS = 20;

    private final List<TokenLosses> benign;
    private final List<TokenLosses> harmful;

    private TokenCalibration(List<TokenLosses> benign, List<TokenLosses> harmful) {
        this.benign = benign;
        this.harmful = harmful;
    }

    static TokenGate of(VectorFigures figures) {
        return new TokenCalibration(
                        figures.kept(),
                        figures.categories().values().stream()
                                .flatMap(c -> c.losses().stream())
                                .toList())
                .calibrate();
    }

    private TokenGate calibrate() {
        Sides first = new Sides(tokens(benign, true, false), tokens(harmful, true, true));
        Sides rest = new Sides(tokens(benign, false, false), tokens(harmful, false, true));
        if (first.isTooFew() && rest.isTooFew()) {
            return TokenGate.crossed("fewer than " + LEAST_TOKENS + " held-out harmful tokens have a loss to speak of");
        }
        String where = "tokens 1 to " + TokenGate.FIRST_TOKENS;
        for (Sides sides : List.of(first, rest)) {
            String crossing = sides.isTooFew() ? null : sides.crossing(where);
            if (crossing != null) {
                return TokenGate.crossed(crossing);
            }
            where = "tokens from " + (TokenGate.FIRST_TOKENS + 1) + " on";
        }
        return gate((first.isTooFew() ? rest : first).band(), (rest.isTooFew() ? first : rest).band());
    }

    private TokenGate gate(TokenGate.Band first, TokenGate.Band rest) {
        TokenGate gate = TokenGate.of(first, rest, 0, 0);
        TokenThresholds thresholds = TokenThresholds.of(gate);
        if (thresholds == null) {
            throw new IllegalStateException("bands without thresholds");
        }
        return TokenGate.of(first, rest, flagged(thresholds, benign, false), flagged(thresholds, harmful, true));
    }

    private static double flagged(TokenThresholds thresholds, List<TokenLosses> samples, boolean tellingAlone) {
        long all = 0;
        long flagged = 0;
        for (TokenLosses sample : samples) {
            for (int i = 0; i < sample.length(); i++) {
                if (!tellingAlone || sample.isTelling(i)) {
                    all++;
                    flagged += thresholds.flags(sample, i) ? 1 : 0;
                }
            }
        }
        return all == 0 ? 0 : (double) flagged / all;
    }

    private static List<SampleDrop> tokens(List<TokenLosses> samples, boolean first, boolean tellingAlone) {
        List<SampleDrop> tokens = new ArrayList<>();
        for (TokenLosses sample : samples) {
            for (int i = 0; i < sample.length(); i++) {
                if (TokenThresholds.isFirst(sample, i) == first && (!tellingAlone || sample.isTelling(i))) {
                    tokens.add(sample.token(i));
                }
            }
        }
        return tokens;
    }

    /** Tokens of one band. */
    private record Sides(List<SampleDrop> benign, List<SampleDrop> harmful) {
        boolean isTooFew() {
            return harmful.size() < LEAST_TOKENS;
        }

        /** Why the two cannot be told apart; absent where they can. */
        @Nullable
        String crossing(String where) {
            double benignDrop = benign(SampleDrop::drop);
            double harmfulDrop = harmful(SampleDrop::drop);
            double benignShare = benign(SampleDrop::share);
            double harmfulShare = harmful(SampleDrop::share);
            if (harmfulDrop > benignDrop && harmfulDrop > 0 && harmfulShare > benignShare) {
                return null;
            }
            return String.format(
                    Locale.ROOT,
                    "%s: benign drops reach %.3f nats and a share of %.3f, harmful ones begin at %.3f and %.3f",
                    where,
                    benignDrop,
                    benignShare,
                    harmfulDrop,
                    harmfulShare);
        }

        TokenGate.Band band() {
            // A benign quantile below zero says that the vector explains no benign token.
            return new TokenGate.Band(
                    (Math.max(0, benign(SampleDrop::drop)) + harmful(SampleDrop::drop)) / 2,
                    Math.clamp((Math.max(0, benign(SampleDrop::share)) + harmful(SampleDrop::share)) / 2, 0, 1));
        }

        private double benign(ToDoubleFunction<SampleDrop> figure) {
            return benign.isEmpty() ? 0 : ReadinessJudgement.quantile(benign, figure, BENIGN_QUANTILE);
        }

        private double harmful(ToDoubleFunction<SampleDrop> figure) {
            return ReadinessJudgement.quantile(harmful, figure, HARMFUL_QUANTILE);
        }
    }
}
