package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.CategoryReadiness;
import dev.safefinetune.api.v1alpha1.EvaluationStatus;
import dev.safefinetune.api.v1alpha1.OutputStatus;
import dev.safefinetune.api.v1alpha1.RateStatus;
import dev.safefinetune.api.v1alpha1.ReadinessStatus;
import dev.safefinetune.api.v1alpha1.SafetyVerdict;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.Verdict;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** Figures of the stages in the words of the resource: decimal numbers as strings. */
final class Figures {
    private static final MathContext SHOWN = new MathContext(4);

    private Figures() {}

    static EvaluationStatus evaluation(StageFigures.Evaluation from) {
        return new EvaluationStatus(
                verdict(from.verdict()),
                from.findings(),
                rate(from.base()),
                rate(from.secured()),
                rate(from.plain()),
                rate(from.newTask()),
                rate(from.oldTasks()));
    }

    static ReadinessStatus readiness(StageFigures.Readiness from) {
        return new ReadinessStatus(
                verdict(from.verdict()),
                from.findings(),
                // Goes back to the trainer from here, so it keeps every digit.
                from.gateDrop() == null ? null : from.gateDrop().toString(),
                from.categories().entrySet().stream()
                        .map(c -> new CategoryReadiness(
                                c.getKey(),
                                text(c.getValue().explained()),
                                text(c.getValue().firstTokenCompliance()),
                                text(c.getValue().gradientRatio()),
                                c.getValue().n()))
                        .toList(),
                text(from.benignIncrease()),
                text(from.randomExplained()));
    }

    static OutputStatus output(StageFigures.Publication from) {
        return new OutputStatus(from.uri(), from.digest().value(), from.bytes());
    }

    /** Four significant digits. */
    static String text(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).round(SHOWN).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }

    private static SafetyVerdict verdict(Verdict verdict) {
        return verdict == Verdict.PASSED ? SafetyVerdict.PASSED : SafetyVerdict.FAILED;
    }

    private static @Nullable RateStatus rate(@Nullable Rate rate) {
        return rate == null
                ? null
                : new RateStatus(text(rate.rate()), text(rate.lower95()), text(rate.upper95()), rate.n());
    }
}
