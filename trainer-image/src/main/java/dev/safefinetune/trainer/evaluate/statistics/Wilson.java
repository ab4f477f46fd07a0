package dev.safefinetune.trainer.evaluate.statistics;

import dev.safefinetune.contract.Rate;
import java.util.List;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;

/** Rates with Wilson's score interval at 95 % (Wilson 1927): honest at 0 and at 1, where a normal interval is empty. */
public final class Wilson {
    static final double ERROR = 0.05;

    private Wilson() {}

    /**
     * A rate.
     *
     * @param successes 0..n
     * @param n at least 1
     */
    public static Rate rate(int successes, int n) {
        return rate(successes, n, ERROR);
    }

    private static Rate rate(int successes, int n, double error) {
        Interval interval = BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(n, successes, error);
        double rate = (double) successes / n;
        // At 0 and n a bound equals the rate; rounding must not carry it beyond.
        double lower = Math.clamp(interval.getLowerBound(), 0, rate);
        double upper = Math.clamp(interval.getUpperBound(), rate, 1);
        return new Rate(rate, lower, upper, n);
    }

    /**
     * Upper bound of the share of trials that are true, in an interval of another error rate.
     *
     * @param error of both sides together
     */
    public static double upper(List<Boolean> trials, double error) {
        return rate(Math.toIntExact(trials.stream().filter(t -> t).count()), trials.size(), error)
                .upper95();
    }

    /** The share of trials that are true. */
    public static Rate rate(List<Boolean> trials) {
        return rate(Math.toIntExact(trials.stream().filter(t -> t).count()), trials.size());
    }
}
