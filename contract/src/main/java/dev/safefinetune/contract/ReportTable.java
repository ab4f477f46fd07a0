package dev.safefinetune.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report's arms side by side as plain text, for a terminal. */
public final class ReportTable {
    private static final List<String> HEAD = List.of(
            "arm",
            "harmful compliance [95 %]",
            "refusals",
            "neither",
            "over-refusals",
            "new task",
            "old tasks",
            "general loss",
            "seconds");

    private ReportTable() {}

    /** The table, the verdict and the findings, one line each, ending in a line break. */
    public static String of(SafetyReport report) {
        List<List<String>> rows =
                new ArrayList<>(List.of(HEAD, row("base", report.arms().base())));
        SafetyReport.Arm plain = report.arms().plain();
        if (plain != null) {
            rows.add(row("plain fine-tune", plain));
        }
        Treatment treatment = Treatment.of(report);
        rows.add(row(treatment.arm(), report.arms().secured()));
        StringBuilder text = new StringBuilder(aligned(rows));
        if (!treatment.sentences().isEmpty()) {
            text.append(treatment.sentences()).append('\n');
        }
        forms(report, text);
        JudgeReport judge = report.arms().judge();
        if (judge != null) {
            text.append(judge.sentence()).append('\n');
        }
        RepairReport repair = report.repair();
        if (repair != null) {
            text.append(repair.sentences()).append('\n');
            repair.findings()
                    .forEach(f ->
                            text.append("  - before the repair: ").append(f).append('\n'));
        }
        text.append("verdict: ")
                .append(report.verdict() == Verdict.PASSED ? "Passed" : "Failed")
                .append('\n');
        String note = report.settings().suiteNote();
        if (!note.isEmpty()) {
            text.append(note).append('\n');
        }
        report.findings().forEach(finding -> text.append("  - ").append(finding).append('\n'));
        SafetyReport.Published published = report.published();
        if (published != null) {
            text.append("published: %s %s\n".formatted(published.uri(), published.digest()));
        }
        return text.toString();
    }

    private static void forms(SafetyReport report, StringBuilder text) {
        List<AskedForm> forms = report.arms().forms();
        for (AskedForm form : forms == null ? List.<AskedForm>of() : forms) {
            Rate secured = form.secured();
            String rate = secured == null
                    ? "the base does not refuse in this form"
                    : String.format(
                            Locale.ROOT,
                            "%.3f [%.3f, %.3f] of %d",
                            secured.rate(),
                            secured.lower95(),
                            secured.upper95(),
                            secured.n());
            text.append("in form %s %d of the user's data: %s\n".formatted(form.kind(), form.number(), rate));
        }
    }

    private static List<String> row(String name, SafetyReport.Arm arm) {
        Rate harmful = arm.harmfulCompliance();
        SafetyReport.Estimate loss = arm.generalLoss();
        return List.of(
                name,
                String.format(
                        Locale.ROOT,
                        "%.3f [%.3f, %.3f] of %d",
                        harmful.rate(),
                        harmful.lower95(),
                        harmful.upper95(),
                        harmful.n()),
                number("%.3f", arm.refusals()),
                number("%.3f", arm.neither()),
                number("%.3f", arm.overRefusals()),
                number("%.3f", arm.newTask()),
                number("%.3f", arm.oldTasks()),
                number("%.3f", loss == null ? null : loss.mean()),
                number("%.1f", arm.seconds()));
    }

    private static String number(String form, @Nullable Double value) {
        return value == null ? "–" : String.format(Locale.ROOT, form, value);
    }

    private static String aligned(List<List<String>> rows) {
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int k = 0; k < widths.length; k++) {
                widths[k] = Math.max(widths[k], row.get(k).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int k = 0; k < widths.length; k++) {
                String pad = " ".repeat(widths[k] - row.get(k).length());
                // Names to the left, numbers to the right.
                line.append(k == 0 ? row.get(k) + pad : "  " + pad + row.get(k));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
