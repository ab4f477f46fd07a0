package dev.safefinetune.trainer.evaluate.report;

import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.SafetyReport.Comparison;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One comparison of two arms, in words and figures. */
public record ComparisonRow(
        String measure, String arms, String difference, String interval, String pairs, String p, String adjustedP) {
    private static final Map<String, String> NAMES = Map.of(
            "harmfulCompliance", "harmful compliance",
            "refusals", "refusals of harmful requests",
            "newTask", "new task",
            "oldTasks", "old tasks",
            "overRefusals", "over-refusals",
            "margin", "margin, nats per token",
            "generalLoss", "general loss, nats per token");

    static List<ComparisonRow> of(SafetyReport report) {
        return report.comparisons().stream().map(ComparisonRow::of).toList();
    }

    private static ComparisonRow of(Comparison c) {
        return new ComparisonRow(
                NAMES.getOrDefault(c.measure(), c.measure()),
                c.first() + " − " + c.second(),
                String.format(Locale.ROOT, "%+.3f", c.difference()),
                String.format(Locale.ROOT, "%+.3f to %+.3f", c.lower95(), c.upper95()),
                c.onlyFirst() == null ? "n = " + c.n() : c.onlyFirst() + " / " + c.onlySecond() + " of " + c.n(),
                probability(c.p()),
                probability(c.adjustedP()));
    }

    private static String probability(double p) {
        return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
    }
}
