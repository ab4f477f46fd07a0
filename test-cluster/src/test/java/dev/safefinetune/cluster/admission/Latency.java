package dev.safefinetune.cluster.admission;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The API server's histogram of the time that checks of admission policies take, over all policies.
 *
 * @param count of checks
 * @param p99Millis within a bucket, values are taken as evenly spread
 * @param meanMillis exact
 */
record Latency(long count, double p99Millis, double meanMillis) {
    private static final String METRIC = "apiserver_validating_admission_policy_check_duration_seconds";
    private static final Pattern BUCKET = Pattern.compile(METRIC + "_bucket\\{.*le=\"([^\"]+)\".*} (\\d+)");
    private static final Pattern SUM = Pattern.compile(METRIC + "_sum\\{.*} (\\S+)");
    private static final Pattern COUNT = Pattern.compile(METRIC + "_count\\{.*} (\\d+)");

    static Latency of(String metrics) {
        Map<Double, Long> buckets = new TreeMap<>();
        double sum = 0;
        long count = 0;
        for (String line :
                metrics.lines().filter(line -> line.startsWith(METRIC)).toList()) {
            Matcher bucket = BUCKET.matcher(line);
            Matcher total = SUM.matcher(line);
            Matcher number = COUNT.matcher(line);
            if (bucket.matches()) {
                double limit =
                        bucket.group(1).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bucket.group(1));
                buckets.merge(limit, Long.parseLong(bucket.group(2)), Long::sum);
            } else if (total.matches()) {
                sum += Double.parseDouble(total.group(1));
            } else if (number.matches()) {
                count += Long.parseLong(number.group(1));
            }
        }
        return new Latency(count, 1000 * quantile(buckets, .99 * count), 1000 * sum / Math.max(1, count));
    }

    private static double quantile(Map<Double, Long> buckets, double rank) {
        double from = 0;
        long below = 0;
        for (Map.Entry<Double, Long> bucket : buckets.entrySet()) {
            if (bucket.getValue() >= rank) {
                double within = (rank - below) / Math.max(1, bucket.getValue() - below);
                return bucket.getKey().isInfinite() ? bucket.getKey() : from + within * (bucket.getKey() - from);
            }
            from = bucket.getKey();
            below = bucket.getValue();
        }
        return from;
    }

    @Override
    public String toString() {
        return "%d checks, p99 %.3f ms, mean %.3f ms".formatted(count, p99Millis, meanMillis);
    }
}
