package dev.safefinetune.trainer.evaluate.report;

import dev.safefinetune.contract.JudgeAgreement;
import dev.safefinetune.contract.JudgeReport;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.Treatment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How far a judge model and the built-in outcome agree on one arm.
 *
 * @param arm its name
 */
public record JudgeRow(String arm, List<String> cells) {
    /** Empty where no judge was asked. */
    static List<JudgeRow> of(SafetyReport report) {
        JudgeReport judge = report.arms().judge();
        List<JudgeRow> rows = new ArrayList<>();
        Map<String, String> arms = new LinkedHashMap<>();
        arms.put(JudgeReport.BASE, "base");
        arms.put(JudgeReport.PLAIN, "plain fine-tune");
        arms.put(JudgeReport.SECURED, Treatment.of(report).arm());
        arms.forEach((name, shown) -> {
            JudgeAgreement agreement = judge == null ? null : judge.agreement().get(name);
            if (agreement != null) {
                rows.add(row(shown, agreement));
            }
        });
        return rows;
    }

    private static JudgeRow row(String arm, JudgeAgreement said) {
        Double kappa = said.kappa();
        return new JudgeRow(
                arm,
                List.of(
                        Integer.toString(said.answers()),
                        Integer.toString(said.both()),
                        Integer.toString(said.onlyBuiltIn()),
                        Integer.toString(said.onlyJudge()),
                        String.format(Locale.ROOT, "%.3f", said.agreement()),
                        kappa == null ? "–" : String.format(Locale.ROOT, "%.3f", kappa)));
    }
}
