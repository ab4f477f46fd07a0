package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.CategoryReadiness;
import dev.safefinetune.api.v1alpha1.EvaluationStatus;
import dev.safefinetune.api.v1alpha1.JudgeStatus;
import dev.safefinetune.api.v1alpha1.OutputStatus;
import dev.safefinetune.api.v1alpha1.ProvenSuiteStatus;
import dev.safefinetune.api.v1alpha1.RateStatus;
import dev.safefinetune.api.v1alpha1.ReadinessStatus;
import dev.safefinetune.api.v1alpha1.ReplayStatus;
import dev.safefinetune.api.v1alpha1.SafetyVerdict;
import dev.safefinetune.api.v1alpha1.TokenGateStatus;
import dev.safefinetune.contract.JudgeAgreement;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.contract.Verdict;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
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
                rate(from.refusals()),
                rate(from.neither()),
                rate(from.newTask()),
                rate(from.oldTasks()),
                from.suiteProved(),
                rate(from.inForms()),
                judge(from.judge()),
                from.beforeRepair() == null ? null : Boolean.TRUE,
                rate(from.beforeRepair()));
    }

    private static @Nullable JudgeStatus judge(StageFigures.@Nullable Judge from) {
        if (from == null) {
            return null;
        }
        JudgeAgreement agreement = from.agreement();
        Double kappa = agreement.kappa();
        return new JudgeStatus(
                from.digest().value(),
                agreement.answers(),
                agreement.both(),
                agreement.onlyBuiltIn(),
                agreement.onlyJudge(),
                text(agreement.agreement()),
                kappa == null ? null : text(kappa));
    }

    static ReadinessStatus readiness(StageFigures.Readiness from) {
        return new ReadinessStatus(
                verdict(from.verdict()),
                from.findings(),
                // Goes back to the trainer from here, so it keeps every digit.
                from.gateDrop() == null ? null : from.gateDrop().toString(),
                from.gateShare() == null ? null : from.gateShare().toString(),
                replay(from.replay()),
                rate(from.firstTokenCompliance()),
                from.categories().entrySet().stream()
                        .map(c -> new CategoryReadiness(
                                c.getKey(),
                                text(c.getValue().explained()),
                                text(c.getValue().firstTokenCompliance()),
                                text(c.getValue().gradientRatio()),
                                c.getValue().n(),
                                c.getValue().trained()))
                        .toList(),
                text(from.benignIncrease()),
                text(from.randomExplained()),
                tokenGate(from.tokenGate()));
    }

    private static @Nullable TokenGateStatus tokenGate(@Nullable TokenGate from) {
        if (from == null) {
            return null;
        }
        TokenGate.Band first = from.first();
        TokenGate.Band rest = from.rest();
        // Goes back to the trainer as well.
        return new TokenGateStatus(
                first == null ? null : Double.toString(first.drop()),
                first == null ? null : Double.toString(first.share()),
                rest == null ? null : Double.toString(rest.drop()),
                rest == null ? null : Double.toString(rest.share()),
                from.falseAlarms() == null ? null : from.falseAlarms().toString(),
                from.caught() == null ? null : from.caught().toString(),
                from.crossing());
    }

    static List<ProvenSuiteStatus> provenSuites(StageFigures.Readiness from) {
        return from.provenSuites().stream()
                .map(suite -> new ProvenSuiteStatus(
                        suite.prompts().value(),
                        suite.utility() == null ? null : suite.utility().value(),
                        text(suite.refused()),
                        text(suite.complied()),
                        suite.n()))
                .toList();
    }

    private static @Nullable ReplayStatus replay(StageFigures.Readiness.@Nullable Replay from) {
        return from == null ? null : new ReplayStatus(from.digest().value(), from.refusals(), from.lookAlikes());
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
