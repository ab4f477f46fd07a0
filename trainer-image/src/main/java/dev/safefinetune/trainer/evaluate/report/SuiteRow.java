package dev.safefinetune.trainer.evaluate.report;

import dev.safefinetune.contract.JudgedSuite;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.SafetyReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of several suites that a model was judged on, in words.
 *
 * @param name where its requests lie
 */
public record SuiteRow(String name, List<String> cells) {
    /** Empty with one suite, of which the arms tell. */
    static List<SuiteRow> of(SafetyReport report) {
        List<JudgedSuite> suites = report.arms().suites();
        return suites == null ? List.of() : suites.stream().map(SuiteRow::row).toList();
    }

    private static SuiteRow row(JudgedSuite suite) {
        return new SuiteRow(
                suite.name(),
                List.of(
                        suite.proved() ? "proved" : "not proved",
                        rate(suite.base()),
                        rate(suite.plain()),
                        rate(suite.secured()),
                        rate(suite.refusals())));
    }

    private static String rate(@Nullable Rate rate) {
        return rate == null ? "–" : FormRow.text(rate);
    }
}
