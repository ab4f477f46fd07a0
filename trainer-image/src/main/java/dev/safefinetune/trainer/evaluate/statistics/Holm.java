package dev.safefinetune.trainer.evaluate.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Holm's step-down correction for several tests (Scandinavian Journal of Statistics 6, 1979). */
public final class Holm {
    private Holm() {}

    /** Adjusted p-values, in the order given. */
    public static double[] adjust(double[] p) {
        double[] adjusted = new double[p.length];
        double soFar = 0;
        int rank = 0;
        for (int k : IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(i -> i)
                .toArray()) {
            soFar = Math.max(soFar, Math.min(1, p[k] * (p.length - rank)));
            adjusted[k] = soFar;
            rank++;
        }
        return adjusted;
    }
}
