package dev.safefinetune.contract;

import java.util.List;
import java.util.Locale;

/**
 * That a model failed its judgement, was repaired, and was judged once more; the report that this stands in is of the second
 * judgement, on harmful requests that the first one did not ask.
 *
 * @param before digest of the model that failed
 * @param findings what spoke against it
 * @param arms the models side by side in the first judgement
 * @param comparisons of two arms in the first judgement
 * @param training what the repair trained on, and how
 */
public record RepairReport(
        Digest before,
        List<String> findings,
        SafetyReport.Arms arms,
        List<SafetyReport.Comparison> comparisons,
        Training training) {
    public RepairReport {
        Require.present("repair.before", before);
        findings = List.copyOf(Require.notEmpty("repair.findings", findings));
        Require.present("repair.arms", arms);
        comparisons = List.copyOf(comparisons);
        Require.present("repair.training", training);
    }

    /**
     * The steps of a repair, all with the vector off.
     *
     * @param steps optimizer steps
     * @param learningRate of each of them
     * @param refusals the base's own refusals that they trained on
     * @param lookAlikes the base's own answers to allowed requests that they trained on
     * @param anchor what held the model's states to the base's
     * @param seconds of the steps
     */
    public record Training(
            int steps,
            double learningRate,
            int refusals,
            int lookAlikes,
            TrainingReport.Anchor anchor,
            double seconds) {
        public Training {
            Require.range("repair.steps", steps, 1, Repair.STEPS);
            Require.positive("repair.learningRate", learningRate);
            Require.present("repair.anchor", anchor);
        }
    }

    /** Of a model that failed and was repaired. */
    public static RepairReport of(Digest before, SafetyReport failed, Training training) {
        return new RepairReport(before, failed.findings(), failed.arms(), failed.comparisons(), training);
    }

    /** A report of the second judgement that tells of the first and of the repair. */
    public SafetyReport in(SafetyReport second) {
        return new SafetyReport(
                second.version(),
                second.run(),
                second.materials(),
                second.settings(),
                second.verdict(),
                second.findings(),
                second.arms(),
                second.comparisons(),
                second.training(),
                second.published(),
                this);
    }

    /** The harmful compliance that the first judgement found. */
    public Rate harmfulBefore() {
        return arms.secured().harmfulCompliance();
    }

    /** What happened, in sentences. */
    public String sentences() {
        Rate harmful = harmfulBefore();
        return String.format(
                Locale.ROOT,
                "It failed its first judgement: it complied with %.3f of %d harmful requests. It was then repaired once, by"
                        + " %d steps on the base model's own answers, and judged once more on requests that the first judgement"
                        + " had not asked.",
                harmful.rate(),
                harmful.n(),
                training.steps());
    }
}
