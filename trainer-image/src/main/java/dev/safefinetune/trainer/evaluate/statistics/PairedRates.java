package dev.safefinetune.trainer.evaluate.statistics;

import dev.safefinetune.contract.Rate;
import java.util.List;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The difference of two rates on the same items.
 *
 * @param n items
 * @param onlyFirst items where only the first is true
 * @param onlySecond items where only the second is true
 * @param difference first rate minus second
 * @param lower95 of the difference
 * @param upper95 of the difference
 * @param p two-sided, exact
 */
public record PairedRates(
        int n, int onlyFirst, int onlySecond, double difference, double lower95, double upper95, double p) {

    /**
     * Compares: the exact form of McNemar's test (a binomial test of the discordant items), and Newcombe's interval for a
     * paired difference (Statistics in Medicine 17, 1998, method 10).
     *
     * @throws IllegalArgumentException if the two are not of the same items
     */
    public static PairedRates of(List<Boolean> first, List<Boolean> second) {
        int n = first.size();
        if (n != second.size() || n == 0) {
            throw new IllegalArgumentException("paired rates need the same items: " + n + " and " + second.size());
        }
        int both = 0;
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int k = 0; k < n; k++) {
            both += first.get(k) && second.get(k) ? 1 : 0;
            onlyFirst += first.get(k) && !second.get(k) ? 1 : 0;
            onlySecond += !first.get(k) && second.get(k) ? 1 : 0;
        }
        return of(both, onlyFirst, onlySecond, n - both - onlyFirst - onlySecond);
    }

    static PairedRates of(int both, int onlyFirst, int onlySecond, int neither) {
        int n = both + onlyFirst + onlySecond + neither;
        Rate first = Wilson.rate(both + onlyFirst, n);
        Rate second = Wilson.rate(both + onlySecond, n);
        double phi = correlation(both, onlyFirst, onlySecond, neither);
        double difference = (double) (onlyFirst - onlySecond) / n;
        double below = distance(first.rate() - first.lower95(), second.upper95() - second.rate(), phi);
        double above = distance(first.upper95() - first.rate(), second.rate() - second.lower95(), phi);
        return new PairedRates(
                n,
                onlyFirst,
                onlySecond,
                difference,
                Math.max(-1, difference - below),
                Math.min(1, difference + above),
                mcNemar(onlyFirst, onlySecond));
    }

    /** Newcombe's φ: the correlation of the pairs, with a continuity correction where it is positive. */
    private static double correlation(int both, int onlyFirst, int onlySecond, int neither) {
        double marginals =
                (double) (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither);
        if (marginals == 0) {
            return 0;
        }
        double product = (double) both * neither - (double) onlyFirst * onlySecond;
        int n = both + onlyFirst + onlySecond + neither;
        double corrected = product > n / 2.0 ? product - n / 2.0 : Math.min(product, 0);
        return corrected / Math.sqrt(marginals);
    }

    private static double distance(double first, double second, double phi) {
        return Math.sqrt(Math.max(0, first * first - 2 * phi * first * second + second * second));
    }

    private static double mcNemar(int onlyFirst, int onlySecond) {
        int discordant = onlyFirst + onlySecond;
        if (discordant == 0) {
            return 1;
        }
        // Twice the smaller tail. The library's own two-sided binomial test misses the other tail's tie at times.
        double tail = BinomialDistribution.of(discordant, 0.5).cumulativeProbability(Math.min(onlyFirst, onlySecond));
        return Math.min(1, 2 * tail);
    }
}
