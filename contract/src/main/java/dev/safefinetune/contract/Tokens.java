package dev.safefinetune.contract;

/**
 * What a measurement cost.
 *
 * @param generated tokens of answers
 * @param scored tokens that were read: of prompts, and of texts whose likelihood was asked
 */
public record Tokens(long generated, long scored) {
    public Tokens {
        Require.range("tokens.generated", generated, 0, Long.MAX_VALUE);
        Require.range("tokens.scored", scored, 0, Long.MAX_VALUE);
    }

    /** All of them. */
    public long sum() {
        return generated + scored;
    }
}
