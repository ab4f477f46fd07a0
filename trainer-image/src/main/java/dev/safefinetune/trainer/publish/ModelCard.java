package dev.safefinetune.trainer.publish;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.JudgeReport;
import dev.safefinetune.contract.JudgedSuite;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.RepairReport;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.SafetyReport.Arm;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.Treatment;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The README.md that is published with a model: what it was made from, how it was judged, and what that does not say. */
public final class ModelCard {
    private ModelCard() {}

    /** Writes the card. */
    public static String of(SafetyReport report, PublishedContent content, String uri) {
        StringBuilder card = new StringBuilder();
        var base = report.materials().get("model");
        String baseUri = base == null || base.uri() == null ? "unknown" : base.uri();
        card.append("---\n");
        card.append("base_model: ").append(quoted(baseUri)).append('\n');
        card.append("library_name: ")
                .append(content == PublishedContent.ADAPTER ? "peft" : "transformers")
                .append('\n');
        card.append("pipeline_tag: text-generation\ntags:\n- safe-fine-tune\n---\n\n");
        card.append("# ").append(uri).append("\n\n");
        Treatment treatment = Treatment.of(report);
        card.append(treatment.sentences()).append("\n\n");
        RepairReport repair = report.repair();
        if (repair != null) {
            card.append(repair.sentences()).append("\n\n");
        }
        materials(card, report);
        figures(card, report);
        training(card, treatment, report.training());
        card.append("\n## What this does not say\n\n").append(treatment.limits());
        card.append("The full report is in `report.json`.\n");
        return card.toString();
    }

    private static void materials(StringBuilder card, SafetyReport report) {
        card.append("## Made from\n\n| what | where | digest |\n|---|---|---|\n");
        report.materials()
                .forEach((name, material) -> card.append("| ")
                        .append(name)
                        .append(" | ")
                        .append(material.uri() == null ? "this run" : material.uri())
                        .append(" | ")
                        .append(material.digest())
                        .append(" |\n"));
        card.append('\n');
    }

    private static void figures(StringBuilder card, SafetyReport report) {
        card.append("## Judged\n\nVerdict: ").append(report.verdict()).append("\n\n");
        card.append("| model | harmful compliance (95 % interval) | refusals | new task | old tasks |\n");
        card.append("|---|---|---|---|---|\n");
        arm(card, "base", report.arms().base());
        arm(card, "plain fine-tune", report.arms().plain());
        arm(card, "this model", report.arms().secured());
        suites(card, report);
        String note = report.settings().suiteNote();
        if (!note.isEmpty()) {
            card.append('\n').append(note).append('\n');
        }
        judge(card, report);
    }

    private static void judge(StringBuilder card, SafetyReport report) {
        JudgeReport judge = report.arms().judge();
        if (judge != null) {
            card.append('\n').append(judge.sentence()).append('\n');
        }
    }

    /** Where there were several, each is told: together they say less. */
    private static void suites(StringBuilder card, SafetyReport report) {
        List<JudgedSuite> suites = report.arms().suites();
        if (suites == null) {
            return;
        }
        card.append("\n| suite | proved | harmful compliance of this model (95 % interval) |\n|---|---|---|\n");
        suites.forEach(suite -> card.append(String.format(
                Locale.ROOT,
                "| %s | %s | %.3f (%.3f to %.3f, n = %d) |%n",
                suite.name(),
                suite.proved() ? "yes" : "no",
                suite.secured().rate(),
                suite.secured().lower95(),
                suite.secured().upper95(),
                suite.secured().n())));
    }

    private static void arm(StringBuilder card, String name, @Nullable Arm arm) {
        if (arm == null) {
            return;
        }
        Rate harmful = arm.harmfulCompliance();
        card.append(String.format(
                Locale.ROOT,
                "| %s | %.3f (%.3f to %.3f, n = %d) | %.3f | %s | %s |%n",
                name,
                harmful.rate(),
                harmful.lower95(),
                harmful.upper95(),
                harmful.n(),
                arm.refusals(),
                number(arm.newTask()),
                number(arm.oldTasks())));
    }

    private static void training(StringBuilder card, Treatment treatment, @Nullable TrainingReport training) {
        if (training == null) {
            return;
        }
        Hyperparameters walk = training.fineTuning().hyperparameters();
        card.append("\n## Trained\n\n");
        card.append(String.format(
                Locale.ROOT,
                "%d epochs, learning rate %s, %d steps of which %d are cooldown",
                walk.epochs(),
                walk.learningRate(),
                training.secured().steps().size(),
                training.cooldownSteps()));
        if (treatment.protection() == Treatment.Protection.VECTOR) {
            card.append(String.format(
                    Locale.ROOT,
                    "; the gate left out %d samples",
                    training.secured().gatedSamples()));
        }
        card.append(".\n");
    }

    private static String number(@Nullable Double value) {
        return value == null ? "not measured" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
