package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.FlaggedRow;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.SafetyReport.Material;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.TrainingReport.Curve;
import dev.safefinetune.contract.TrainingReport.Histogram;
import dev.safefinetune.contract.TrainingReport.Probe;
import dev.safefinetune.contract.TrainingReport.Step;
import dev.safefinetune.contract.Treatment;
import dev.safefinetune.contract.VectorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A report with everything in it, its curves drawn at random from a fixed seed. */
final class SampleReport {
    private static final Digest DIGEST = new Digest("sha256:" + "0123456789abcdef".repeat(4));

    private SampleReport() {}

    static SafetyReport passed() {
        return report(ScriptedSubject.with(0, true, 0.98))
                .publishedAt("pvc://published/quickstart", DIGEST, PublishedContent.MERGED);
    }

    static SafetyReport failed() {
        return report(ScriptedSubject.with(0.3, false, 0.7));
    }

    /** A model to which this was done. */
    static SafetyReport of(Treatment.Protection protection, FineTuning.Method method, PublishedContent content) {
        SafetyReport report = passed();
        TrainingReport training = Objects.requireNonNull(report.training());
        boolean vector = protection == Treatment.Protection.VECTOR;
        TreeMap<String, Material> materials = new TreeMap<>(report.materials());
        if (vector) {
            materials.put(Inputs.VECTOR, new Material("pvc://vectors/base", DIGEST));
        }
        FineTuning lora = training.fineTuning();
        return new SafetyReport(
                        report.version(),
                        report.run(),
                        materials,
                        report.settings(),
                        report.verdict(),
                        report.findings(),
                        report.arms(),
                        report.comparisons(),
                        new TrainingReport(
                                method == FineTuning.Method.LORA
                                        ? lora
                                        : new FineTuning(method, null, lora.hyperparameters()),
                                vector ? training.gateDrop() : null,
                                vector ? training.gateShare() : null,
                                vector ? training.vectorScope() : null,
                                training.cooldownSteps(),
                                training.cooldown(),
                                training.anchor(),
                                training.secured(),
                                training.plain(),
                                vector ? training.screening() : null,
                                null,
                                null),
                        null,
                        null)
                .publishedAt("pvc://models/bot", DIGEST, content);
    }

    private static final TokenGate TOKENS =
            TokenGate.of(new TokenGate.Band(2, 0.5), new TokenGate.Band(2, 0.5), 0, 0.99);
    private static final List<FlaggedRow> ROWS = List.of(
            new FlaggedRow(3, true, 1, 6, 12, 1.8, 0.99, null), new FlaggedRow(4, false, 8, 9, 9, 0.4, 0.2, null));

    private static SafetyReport report(java.util.function.Supplier<Subject> secured) {
        SafetyEvaluation evaluation = new SafetyEvaluation(
                SuiteOfTests.suite(),
                ScriptedSubject.with(0, false, 1),
                ScriptedSubject.with(1, true, 0.99),
                secured,
                new EvaluationThresholds(0.05, 0.05, 0.1, 0.08),
                1);
        return evaluation.judge(
                new SafetyEvaluation.Circumstances(
                        new RunIdentity("team-a", "SafeFineTune", "quick<start>", "u-1", "quickstart-1"),
                        new TreeMap<>(Map.of(
                                Inputs.MODEL, new Material("pvc://models/base", DIGEST),
                                Inputs.DATASET, new Material("pvc://data/user/mixed.jsonl", DIGEST),
                                Inputs.SECURED, new Material(null, DIGEST))),
                        training(),
                        true),
                arm -> {});
    }

    private static TrainingReport training() {
        Random random = new Random(1);
        LoraSettings lora = new LoraSettings(8, 16, false, List.of(LoraSettings.ALL_LINEAR));
        Hyperparameters settings =
                new Hyperparameters(8, 2e-3, 32, 4096, 64, Hyperparameters.Scheduler.LINEAR, 0.03, 0.98, 0, 1, 0);
        List<Double> drops = new ArrayList<>();
        for (int k = 0; k < 1000; k++) {
            drops.add(k < 100 ? 1.6 + 0.2 * random.nextGaussian() : 0.15 * random.nextGaussian());
        }
        return new TrainingReport(
                new FineTuning(FineTuning.Method.LORA, lora, settings),
                0.66,
                0.5,
                VectorScope.ALL_SAMPLES,
                20,
                new TrainingReport.Cooldown(100, 80, 250, 70, 0, 5e-4),
                new TrainingReport.Anchor(64, 1, 0.2),
                curve(random, 256, 20, 0.4),
                curve(random, 256, 0, 1),
                new TrainingReport.Screening(
                        ScreeningAction.REPORT,
                        1000,
                        0.66,
                        0.5,
                        List.of(3, 14, 15),
                        103,
                        Histogram.of(drops, 40),
                        ROWS),
                new TrainingReport.Masked(TOKENS, 1, 2),
                null);
    }

    private static Curve curve(Random random, int steps, int cooldown, double scale) {
        List<Step> walk = new ArrayList<>();
        List<Probe> probes = new ArrayList<>();
        for (int step = 1; step <= steps + cooldown; step++) {
            boolean skipped = step % 50 == 49;
            double loss = scale * (2.5 * Math.exp(-step / 40.0) + 0.02 + 0.05 * random.nextDouble());
            walk.add(new Step(
                    step, step > steps, 2e-3, orGap(skipped, loss), orGap(skipped, 2 * loss + 0.05), 32, step % 7));
            if (step % 32 == 1) {
                probes.add(new Probe(step - 1, loss, 1.4 * loss + 0.3));
            }
        }
        return new Curve(walk, probes, 103, 2, null, 400_000, 9.5);
    }

    private static @Nullable Double orGap(boolean gap, double value) {
        return gap ? null : value;
    }
}
