package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.TokenGate;
import org.jspecify.annotations.Nullable;

/**
 * When the vector explains a single token so far that it is probably harmful.
 *
 * @param first thresholds of the first {@link TokenGate#FIRST_TOKENS} answer tokens of a turn
 * @param rest thresholds of the others
 */
public record TokenThresholds(GateThresholds first, GateThresholds rest) {

    /** Those that an assessment found; absent where it found none. */
    public static @Nullable TokenThresholds of(@Nullable TokenGate gate) {
        TokenGate.Band first = gate == null ? null : gate.first();
        TokenGate.Band rest = gate == null ? null : gate.rest();
        return first == null || rest == null ? null : new TokenThresholds(of(first), of(rest));
    }

    private static GateThresholds of(TokenGate.Band band) {
        return new GateThresholds(band.drop(), band.share());
    }

    /** Whether a token is probably harmful. */
    public boolean flags(TokenLosses sample, int token) {
        return (isFirst(sample, token) ? first : rest).flags(sample.token(token));
    }

    /** Whether a token is one of the first of its turn. */
    public static boolean isFirst(TokenLosses sample, int token) {
        return sample.place(token) < TokenGate.FIRST_TOKENS;
    }

    /** What of a sample is left out. */
    public TokenMask mask(TokenLosses sample) {
        int telling = 0;
        for (int i = 0; i < sample.length(); i++) {
            telling += sample.isTelling(i) || flags(sample, i) ? 1 : 0;
        }
        return TokenMask.of(sample.length(), telling, i -> flags(sample, i));
    }
}
