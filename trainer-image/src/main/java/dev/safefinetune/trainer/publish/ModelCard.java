package dev.safefinetune.trainer.publish;

import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.SafetyReport.Arm;
import dev.safefinetune.contract.TrainingReport;
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
        card.append(
                content == PublishedContent.ADAPTER
                        ? "A LoRA adapter, fine-tuned with a security vector attached and frozen."
                        : "A model, fine-tuned with a security vector attached and frozen, the adapter merged in.");
        card.append(" The vector itself is not part of it.\n\n");
        materials(card, report);
        figures(card, report);
        training(card, report.training());
        card.append("""

                ## What this does not say

                The model was judged on the requests of its evaluation suite, without the vector. Harms outside of the
                vector's categories are not covered, and anybody who fine-tunes this model again without the vector can
                make it harmful. The full report is in `report.json`.
                """);
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

    private static void training(StringBuilder card, @Nullable TrainingReport training) {
        if (training == null) {
            return;
        }
        card.append("\n## Trained\n\n");
        card.append(String.format(
                Locale.ROOT,
                "%s, %d epochs, learning rate %s, %d steps of which %d are cooldown; the gate left out %d samples.%n",
                training.fineTuning().method(),
                training.fineTuning().hyperparameters().epochs(),
                training.fineTuning().hyperparameters().learningRate(),
                training.secured().steps().size(),
                training.cooldownSteps(),
                training.secured().gatedSamples()));
    }

    private static String number(@Nullable Double value) {
        return value == null ? "not measured" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
