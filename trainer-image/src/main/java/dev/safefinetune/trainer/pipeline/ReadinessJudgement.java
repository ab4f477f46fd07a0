package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.vector.VectorFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Holds a vector's figures to the thresholds, and finds the gate's threshold between harmful and benign drops. */
final class ReadinessJudgement {
    /** The gate's threshold lies above nearly all benign drops … */
    private static final double BENIGN_QUANTILE = 0.999;

    /** … and below nearly all harmful ones. */
    private static final double HARMFUL_QUANTILE = 0.01;

    private final ReadinessThresholds thresholds;
    private final List<String> findings = new ArrayList<>();

    private ReadinessJudgement(ReadinessThresholds thresholds) {
        this.thresholds = thresholds;
    }

    static Readiness of(VectorFigures figures, ReadinessThresholds thresholds) {
        return new ReadinessJudgement(thresholds).judge(figures);
    }

    private Readiness judge(VectorFigures figures) {
        SortedMap<String, Readiness.Category> categories = new TreeMap<>();
        figures.categories().forEach((name, c) -> categories.put(name, category(name, c)));
        if (categories.isEmpty()) {
            throw new ArithmeticException("no held-out samples");
        }
        double increase = finite(figures.benignIncrease());
        if (increase > thresholds.maxBenignIncrease()) {
            finding("benign loss rises by %.3f nats, allowed are %s", increase, thresholds.maxBenignIncrease());
        }
        Double gateDrop = gateDrop(figures);
        return new Readiness(
                findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
                findings,
                gateDrop,
                categories,
                increase,
                finite(figures.randomExplained()));
    }

    private Readiness.Category category(String name, VectorFigures.Category c) {
        double explained = finite(c.explained());
        double ratio = finite(c.gradientRatio());
        if (explained < thresholds.minExplained()) {
            finding(
                    "category %s: the vector explains %.3f of the loss, at least %s is needed",
                    name, explained, thresholds.minExplained());
        }
        if (c.firstTokenCompliance() < thresholds.minFirstTokenCompliance()) {
            finding(
                    "category %s: the first token complies in %.3f of the samples, at least %s is needed",
                    name, c.firstTokenCompliance(), thresholds.minFirstTokenCompliance());
        }
        if (ratio > thresholds.maxGradientRatio()) {
            finding(
                    "category %s: the gradient keeps %.3f of its norm, allowed are %s",
                    name, ratio, thresholds.maxGradientRatio());
        }
        return new Readiness.Category(
                explained, c.firstTokenCompliance(), ratio, c.drops().size());
    }

    /** Half-way between the benign 99.9th percentile and the harmful 1st; nothing where they cross. */
    private @Nullable Double gateDrop(VectorFigures figures) {
        double benign = quantile(figures.benign(), BENIGN_QUANTILE);
        double harmful = quantile(
                figures.categories().values().stream()
                        .flatMap(c -> c.drops().stream())
                        .toList(),
                HARMFUL_QUANTILE);
        double middle = (benign + harmful) / 2;
        if (!(harmful > benign) || !(middle > 0)) {
            finding(
                    "harmful and benign samples cannot be told apart: benign drops reach %.3f nats, harmful ones begin"
                            + " at %.3f",
                    benign, harmful);
            return null;
        }
        return middle;
    }

    /** Nearest rank. */
    private static double quantile(List<SampleDrop> drops, double q) {
        double[] sorted = drops.stream().mapToDouble(SampleDrop::drop).sorted().toArray();
        if (sorted.length == 0) {
            throw new ArithmeticException("no drops");
        }
        int rank = (int) Math.ceil(q * sorted.length);
        return finite(sorted[Math.clamp(rank - 1, 0, sorted.length - 1)]);
    }

    private static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new ArithmeticException("a figure is no finite number");
        }
        return value;
    }

    private void finding(String form, Object... values) {
        findings.add(String.format(Locale.ROOT, form, values));
    }
}
