package dev.safefinetune.trainer.evaluate.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A mean with its percentile bootstrap interval at 95 % (Efron 1979); of differences of pairs, the paired bootstrap.
 *
 * @param mean of the values
 * @param lower95 2.5th percentile of the means of resamples
 * @param upper95 97.5th percentile
 * @param n values
 * @param p two-sided, of the mean being 0: twice the smaller share of resamples on the other side of 0
 */
public record Bootstrap(double mean, double lower95, double upper95, int n, double p) {
    private static final int RESAMPLES = 10_000;

    /**
     * Resamples.
     *
     * @param values at least one, all finite
     * @param seed the same seed gives the same interval
     * @throws IllegalArgumentException for a value that is not finite: such a mean would hide an error
     */
    public static Bootstrap mean(double[] values, long seed) {
        if (values.length == 0 || !Arrays.stream(values).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("a mean needs finite values, at least one of them");
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[RESAMPLES];
        int atMostZero = 0;
        int atLeastZero = 0;
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int k = 0; k < values.length; k++) {
                sum += values[random.nextInt(values.length)];
            }
            means[r] = sum / values.length;
            atMostZero += means[r] <= 0 ? 1 : 0;
            atLeastZero += means[r] >= 0 ? 1 : 0;
        }
        Arrays.sort(means);
        double mean = Arrays.stream(values).sum() / values.length;
        // One is added to both counts: no finite number of resamples shows that p is 0.
        double p = Math.min(1, 2.0 * (Math.min(atMostZero, atLeastZero) + 1) / (RESAMPLES + 1));
        return new Bootstrap(
                mean,
                Math.min(mean, percentile(means, 0.025)),
                Math.max(mean, percentile(means, 0.975)),
                values.length,
                p);
    }

    /** The mean of first minus second, item by item. */
    public static Bootstrap difference(double[] first, double[] second, long seed) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "paired means need the same items: " + first.length + " and " + second.length);
        }
        double[] differences = new double[first.length];
        Arrays.setAll(differences, k -> first[k] - second[k]);
        return mean(differences, seed);
    }

    private static double percentile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
