package dev.safefinetune.contract;

/**
 * A share of trials with its Wilson 95 % interval.
 *
 * @param rate successes / n, 0..1
 * @param lower95 lower bound
 * @param upper95 upper bound
 * @param n trials, at least 1: a rate of nothing is no rate
 */
public record Rate(double rate, double lower95, double upper95, int n) {
    public Rate {
        Require.range("rate", rate, 0.0, 1.0);
        Require.range("lower95", lower95, 0.0, rate);
        Require.range("upper95", upper95, rate, 1.0);
        Require.range("n", n, 1, Integer.MAX_VALUE);
    }
}
