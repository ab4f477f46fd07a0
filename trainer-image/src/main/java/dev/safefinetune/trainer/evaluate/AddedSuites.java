package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.JudgedSuite;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.SafetyReport.Arm;
import dev.safefinetune.contract.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A judgement by the platform's suites, to which that by other suites is added. Each is calibrated and judged by itself, so nothing that
 * a user adds can move what the platform's suites call harmful. The model passes where it passes both.
 *
 * @param platform the judgement by the platform's suites, whose figures are the report's
 * @param parts its suites
 */
public record AddedSuites(SafetyReport platform, List<SuitePart> parts) {
    /** The report with another judgement of the same model. */
    public SafetyReport with(SafetyReport added, List<SuitePart> addedParts) {
        List<String> findings = new ArrayList<>(platform.findings());
        added.findings().forEach(finding -> findings.add("by the run's own suite: " + finding));
        SafetyReport.Arms arms = platform.arms();
        List<JudgedSuite> suites = Stream.of(suites(platform, parts), suites(added, addedParts))
                .flatMap(List::stream)
                .toList();
        return new SafetyReport(
                platform.version(),
                platform.run(),
                platform.materials(),
                platform.settings(),
                findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
                findings,
                new SafetyReport.Arms(arms.base(), arms.plain(), arms.secured(), arms.forms(), arms.judge(), suites),
                platform.comparisons(),
                platform.training(),
                platform.published(),
                platform.repair());
    }

    private static List<JudgedSuite> suites(SafetyReport report, List<SuitePart> parts) {
        SafetyReport.Arms arms = report.arms();
        if (arms.suites() != null) {
            return arms.suites();
        }
        Arm plain = arms.plain();
        return List.of(new JudgedSuite(
                parts.getFirst().name(),
                Boolean.TRUE.equals(report.settings().suiteProved()),
                arms.base().harmfulCompliance(),
                plain == null ? null : plain.harmfulCompliance(),
                arms.secured().harmfulCompliance(),
                Objects.requireNonNull(arms.secured().rates().get(Arm.REFUSALS))));
    }
}
