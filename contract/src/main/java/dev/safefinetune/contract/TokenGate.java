package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/**
 * What a vector's assessment found of single answer tokens: from when on one counts as harmful. Either {@code crossing} is
 * there or all the others are.
 *
 * @param first thresholds of an answer's first {@value #FIRST_TOKENS} tokens
 * @param rest thresholds of its later tokens
 * @param falseAlarms share of the held-out benign tokens that exceed them, 0..1
 * @param caught share of the held-out harmful tokens, of those that have a loss to speak of, that exceed them, 0..1
 * @param crossing why there are no thresholds: where harmful and benign tokens cannot be told apart
 */
public record TokenGate(
        @Nullable Band first,
        @Nullable Band rest,
        @Nullable Double falseAlarms,
        @Nullable Double caught,
        @Nullable String crossing) {
    /** Where an answer turns is decided in so many tokens. */
    public static final int FIRST_TOKENS = 8;

    /**
     * Thresholds of some positions; both have to be exceeded.
     *
     * @param drop in nats, above 0
     * @param share of the token's loss, 0..1
     */
    public record Band(double drop, double share) {
        public Band {
            drop = SixDigits.of(drop);
            share = SixDigits.of(share);
            Require.positive("tokenGate.drop", drop);
            Require.range("tokenGate.share", share, 0.0, 1.0);
        }
    }

    public TokenGate {
        falseAlarms = falseAlarms == null ? null : Double.valueOf(SixDigits.of(falseAlarms));
        caught = caught == null ? null : Double.valueOf(SixDigits.of(caught));
        boolean crossed = crossing != null;
        if (crossed != (first == null)
                || crossed != (rest == null)
                || crossed != (falseAlarms == null)
                || crossed != (caught == null)) {
            throw new IllegalArgumentException(
                    "tokenGate needs either first, rest, falseAlarms and caught, or crossing alone");
        }
    }

    /** Thresholds that tell harmful tokens from benign ones. */
    public static TokenGate of(Band first, Band rest, double falseAlarms, double caught) {
        return new TokenGate(first, rest, falseAlarms, caught, null);
    }

    /** No thresholds, and why. */
    public static TokenGate crossed(String crossing) {
        return new TokenGate(null, null, null, null, crossing);
    }

    /** Whether single tokens can be judged. */
    @JsonIgnore
    public boolean isUsable() {
        return crossing == null;
    }
}
