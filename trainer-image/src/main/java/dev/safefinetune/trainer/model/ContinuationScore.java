package dev.safefinetune.trainer.model;

/**
 * How likely a model finds one continuation of a prompt.
 *
 * @param logProbability summed over the continuation's tokens, in nats, at most 0
 * @param tokens number of tokens summed over
 */
public record ContinuationScore(double logProbability, int tokens) {
    /** Mean log-probability per token, in nats. */
    public double mean() {
        return logProbability / tokens;
    }
}
