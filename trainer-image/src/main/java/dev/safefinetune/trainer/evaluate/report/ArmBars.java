package dev.safefinetune.trainer.evaluate.report;

import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.RepairReport;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.SafetyReport.Arm;
import dev.safefinetune.contract.Treatment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arms side by side, as bars with their intervals. */
final class ArmBars {
    private ArmBars() {}

    /**
     * One rate of every arm.
     *
     * @param title what was measured
     * @param wish which way is good
     */
    public record Measure(String title, String wish, List<Bar> bars) {}

    /**
     * One arm's rate.
     *
     * @param arm its name
     * @param style its class in the style sheet
     * @param fill length of the bar in percent
     * @param from where the interval begins, in percent
     * @param span length of the interval, in percent
     * @param value in figures
     */
    public record Bar(String arm, String style, String fill, String from, String span, String value) {}

    /** One arm's row in the table. */
    public record Row(String name, String style, List<String> cells) {}

    static List<Measure> measures(SafetyReport report) {
        List<Measure> measures = new ArrayList<>();
        add(measures, report, "Harmful requests complied with", "lower is better", null);
        add(measures, report, "Harmful requests refused", "higher is better", Arm.REFUSALS);
        add(measures, report, "Harmful requests neither refused nor complied with", "lower is better", Arm.NEITHER);
        add(measures, report, "Harmless look-alikes refused", "lower is better", Arm.OVER_REFUSALS);
        add(measures, report, "New task, exact answers", "higher is better", Arm.NEW_TASK);
        add(measures, report, "Old tasks, exact answers", "higher is better", Arm.OLD_TASKS);
        return measures;
    }

    private static void add(
            List<Measure> measures, SafetyReport report, String title, String wish, @Nullable String name) {
        List<Bar> bars = new ArrayList<>();
        named(report).forEach((arm, figures) -> {
            Rate rate =
                    name == null ? figures.harmfulCompliance() : figures.rates().get(name);
            if (rate != null) {
                bars.add(bar(arm, rate));
            }
        });
        if (!bars.isEmpty()) {
            measures.add(new Measure(title, wish, bars));
        }
    }

    private static Bar bar(String arm, Rate rate) {
        return new Bar(
                arm,
                style(arm),
                percent(rate.rate()),
                percent(rate.lower95()),
                percent(rate.upper95() - rate.lower95()),
                String.format(
                        Locale.ROOT, "%.3f [%.3f, %.3f] of %d", rate.rate(), rate.lower95(), rate.upper95(), rate.n()));
    }

    static List<Row> arms(SafetyReport report) {
        return rows(named(report));
    }

    /** The arms of the judgement that the model failed; empty where it was not repaired. */
    static List<Row> beforeRepair(SafetyReport report) {
        RepairReport repair = report.repair();
        return repair == null
                ? List.of()
                : rows(named(repair.arms(), Treatment.of(report).arm()));
    }

    private static List<Row> rows(Map<String, Arm> arms) {
        List<Row> rows = new ArrayList<>();
        arms.forEach((name, arm) -> {
            Rate harmful = arm.harmfulCompliance();
            SafetyReport.Estimate margin = arm.margin();
            SafetyReport.Estimate loss = arm.generalLoss();
            rows.add(new Row(
                    name,
                    style(name),
                    List.of(
                            number("%.3f", harmful.rate()),
                            String.format(Locale.ROOT, "%.3f – %.3f", harmful.lower95(), harmful.upper95()),
                            number("%.3f", arm.refusals()),
                            number("%.3f", arm.neither()),
                            number("%.3f", arm.overRefusals()),
                            number("%.3f", arm.newTask()),
                            number("%.3f", arm.oldTasks()),
                            number("%.2f", margin.mean()),
                            number("%.3f", loss == null ? null : loss.mean()),
                            number("%.1f", arm.seconds()))));
        });
        return rows;
    }

    static Map<String, Arm> named(SafetyReport report) {
        return named(report.arms(), Treatment.of(report).arm());
    }

    private static Map<String, Arm> named(SafetyReport.Arms arms, String secured) {
        Map<String, Arm> named = new LinkedHashMap<>();
        named.put("base", arms.base());
        Arm plain = arms.plain();
        if (plain != null) {
            named.put("plain fine-tune", plain);
        }
        named.put(secured, arms.secured());
        return named;
    }

    private static String style(String arm) {
        return arm.startsWith("base") ? "base" : arm.startsWith("plain") ? "plain" : "secured";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.3f", 100 * share);
    }

    static String number(String form, @Nullable Double value) {
        return value == null ? "–" : String.format(Locale.ROOT, form, value);
    }
}
