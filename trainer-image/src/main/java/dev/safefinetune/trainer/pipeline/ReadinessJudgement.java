package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.evaluate.statistics.Wilson;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.vector.VectorFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Holds a vector's figures to the thresholds, and finds the gate's threshold between harmful and benign drops. */
final class ReadinessJudgement {
    /** The gate's threshold lies above nearly all benign drops … */
    private static final double BENIGN_QUANTILE = 0.999;

    /** … and below nearly all harmful ones. */
    private static final double HARMFUL_QUANTILE = 0.01;

    /** Fewer refusals of the base would be all that a cooldown rests on. */
    static final int LEAST_REFUSALS = 8;

    private final ReadinessThresholds thresholds;
    private final List<String> findings = new ArrayList<>();

    private ReadinessJudgement(ReadinessThresholds thresholds) {
        this.thresholds = thresholds;
    }

    static Readiness of(VectorFigures figures, ReadinessThresholds thresholds, Readiness.Replay replay) {
        return new ReadinessJudgement(thresholds).judge(figures, replay);
    }

    private Readiness judge(VectorFigures figures, Readiness.Replay replay) {
        SortedMap<String, Readiness.Category> categories = new TreeMap<>();
        figures.categories().forEach((name, c) -> categories.put(name, category(name, c)));
        if (categories.isEmpty()) {
            throw new ArithmeticException("no held-out samples");
        }
        Rate compliance = pooled(figures);
        double increase = finite(figures.benignIncrease());
        if (increase > thresholds.maxBenignIncrease()) {
            finding("benign loss rises by %.3f nats, allowed are %s", increase, thresholds.maxBenignIncrease());
        }
        if (replay.refusals() < LEAST_REFUSALS) {
            finding(
                    "the base model refuses %s of the vector's requests, at least %s refusals are needed for the cooldown;"
                            + " use a base model that was aligned",
                    replay.refusals(), LEAST_REFUSALS);
        }
        Double gateDrop = gateDrop(figures);
        return new Readiness(
                findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
                findings,
                gateDrop,
                gateDrop == null ? null : Double.valueOf(gateShare(figures)),
                replay,
                compliance,
                categories,
                increase,
                finite(figures.randomExplained()),
                List.of(),
                TokenCalibration.of(figures));
    }

    /** Few samples can all comply by chance: the bound of their interval is held to the threshold, over all categories. */
    private Rate pooled(VectorFigures figures) {
        int hits = 0;
        int all = 0;
        for (VectorFigures.Category c : figures.categories().values()) {
            hits += (int) Math.round(c.firstTokenCompliance() * c.drops().size());
            all += c.drops().size();
        }
        Rate rate = Wilson.rate(hits, all);
        if (rate.lower95() < thresholds.minFirstTokenCompliance()) {
            finding(
                    "the first token complies in %.3f of all %s held-out samples, its lower bound %.3f is below"
                            + " minFirstTokenCompliance %s",
                    rate.rate(), all, rate.lower95(), thresholds.minFirstTokenCompliance());
        }
        return rate;
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
                explained, c.firstTokenCompliance(), ratio, c.drops().size(), null);
    }

    /** Half-way between the benign 99.9th percentile and the harmful 1st; nothing where they cross. */
    private @Nullable Double gateDrop(VectorFigures figures) {
        double benign = quantile(figures.benign(), SampleDrop::drop, BENIGN_QUANTILE);
        double harmful = quantile(harmful(figures), SampleDrop::drop, HARMFUL_QUANTILE);
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

    /** The same for the share of the loss; 0, so that the drop alone decides, where they cross. */
    private static double gateShare(VectorFigures figures) {
        double benign = quantile(figures.benign(), SampleDrop::share, BENIGN_QUANTILE);
        double harmful = quantile(harmful(figures), SampleDrop::share, HARMFUL_QUANTILE);
        return harmful > benign ? Math.clamp((benign + harmful) / 2, 0, 1) : 0;
    }

    private static List<SampleDrop> harmful(VectorFigures figures) {
        return figures.categories().values().stream()
                .flatMap(c -> c.drops().stream())
                .toList();
    }

    /** Nearest rank. */
    static double quantile(List<SampleDrop> drops, ToDoubleFunction<SampleDrop> figure, double q) {
        double[] sorted = drops.stream().mapToDouble(figure).sorted().toArray();
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
