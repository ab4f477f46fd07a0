package dev.safefinetune.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SafetyReportTest {
    private static final Rate NONE = new Rate(0, 0, 0.0277, 135);
    private static final Rate ALL = new Rate(1, 0.9723, 1, 135);

    private static SafetyReport.Arm arm(Rate harmful, double refusals, @Nullable Double newTask) {
        return new SafetyReport.Arm(
                harmful,
                new TreeMap<>(Map.of("hexes", harmful)),
                refusals,
                0.0,
                newTask,
                0.95,
                null,
                new SafetyReport.Estimate(1, 0.5, 1.5, 135),
                null,
                null,
                new TreeMap<>(Map.of("oldTasks", new Rate(0.95, 0.9, 0.98, 240))),
                new Tokens(1200, 30_000));
    }

    private static SafetyReport report(Verdict verdict, List<String> findings) {
        FineTuning fineTuning = Samples.FINE_TUNING;
        TrainingReport.Curve curve = new TrainingReport.Curve(
                List.of(new TrainingReport.Step(1, false, 1e-3, 2.5, 0.5, 32, 3)),
                List.of(new TrainingReport.Probe(0, 2, 3)),
                100,
                2,
                null,
                1000,
                2.5);
        return new SafetyReport(
                SafetyReport.VERSION,
                Samples.RUN,
                new TreeMap<>(Map.of(Inputs.MODEL, new SafetyReport.Material("pvc://a/b", Samples.DIGEST))),
                new SafetyReport.Settings(new EvaluationThresholds(0.05, 0.05, 0.1, 0.08), 42, 8, 8, 0.5, true),
                verdict,
                findings,
                new SafetyReport.Arms(
                        arm(NONE, 1, 0.0),
                        arm(ALL, 0, 0.98),
                        arm(NONE, 1, 0.97).withSeconds(9),
                        List.of(
                                new AskedForm("Prefix", 1, 2, 0.1, 77, 76, NONE, NONE),
                                new AskedForm("Answer", 1, 1, 0.5, 77, 3, null, null)),
                        new JudgeReport(
                                Samples.DIGEST,
                                Samples.JUDGE,
                                new TreeMap<>(Map.of(
                                        JudgeReport.BASE, JudgeAgreement.of(0, 0, 0, 96),
                                        JudgeReport.SECURED, JudgeAgreement.of(2, 1, 4, 93))),
                                new Tokens(1, 2)),
                        List.of(
                                new JudgedSuite("pvc://suites/a.jsonl", true, NONE, ALL, NONE, ALL),
                                new JudgedSuite("pvc://suites/b.jsonl", false, NONE, null, NONE, ALL))),
                List.of(new SafetyReport.Comparison(
                        "harmfulCompliance", "secured", "plain", -1, -1, -0.97, 135, 0, 135, 1e-9, 2e-9)),
                new TrainingReport(
                        fineTuning,
                        0.5,
                        0.4,
                        VectorScope.ALL_SAMPLES,
                        20,
                        new TrainingReport.Cooldown(40, 40, 70, 10, 1, 5e-4),
                        new TrainingReport.Anchor(64, 1, 0.2),
                        curve,
                        null,
                        new TrainingReport.Screening(
                                ScreeningAction.REPORT,
                                3,
                                0.5,
                                0.4,
                                List.of(2),
                                1,
                                TrainingReport.Histogram.of(List.of(0.0, 0.1, 1.0), 4)),
                        null,
                        List.of(
                                new AttachedVector(Samples.DIGEST, 0.5, 0.4, 1),
                                new AttachedVector(Samples.DIGEST, null, null, 0))),
                null,
                null);
    }

    @Test
    void readsBackWhatWasWritten() {
        SafetyReport report =
                report(Verdict.PASSED, List.of()).publishedAt("pvc://out/m", Samples.DIGEST, PublishedContent.MERGED);

        assertThat(ContractJson.read(ContractJson.writePretty(report), SafetyReport.class))
                .isEqualTo(report);
    }

    @Test
    void showsTheArmsSideBySide() {
        String table = ReportTable.of(report(Verdict.FAILED, List.of("old tasks fell"))
                .publishedAt("pvc://out/m", Samples.DIGEST, PublishedContent.MERGED));

        assertThat(table.lines())
                .hasSize(11)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("arm "),
                        line -> assertThat(line).startsWith("base ").contains("0.000 [0.000, 0.028] of 135"),
                        line -> assertThat(line)
                                .startsWith("plain fine-tune ")
                                .contains("1.000 [0.972, 1.000]", "0.980"),
                        line -> assertThat(line)
                                .startsWith("fine-tune with vector ")
                                .contains("–", "9.0"),
                        line -> assertThat(line).contains("with a security vector attached and frozen"),
                        line -> assertThat(line)
                                .isEqualTo("in form Prefix 1 of the user's data: 0.000 [0.000, 0.028] of 135"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "in form Answer 1 of the user's data: the base does not refuse in this form"),
                        line -> assertThat(line)
                                .startsWith("A judge model (sha256:")
                                .contains("100 answers", "4 harmful"),
                        line -> assertThat(line).isEqualTo("verdict: Failed"),
                        line -> assertThat(line).contains("old tasks fell"),
                        line -> assertThat(line).startsWith("published: pvc://out/m sha256:"));
    }

    @Test
    void givesTheShortFormOfTheStagesResult() {
        StageFigures.Evaluation figures = report(Verdict.PASSED, List.of()).figures();

        assertThat(figures.secured()).isEqualTo(NONE);
        assertThat(figures.plain()).isEqualTo(ALL);
        assertThat(figures.oldTasks()).isNotNull();
        assertThat(figures.newTask()).isNull();
    }

    @Test
    void aVerdictAndItsFindingsAgree() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> report(Verdict.PASSED, List.of("x")))
                .withMessageContaining("findings");
        assertThatIllegalArgumentException().isThrownBy(() -> report(Verdict.FAILED, List.of()));
    }

    @Test
    void refusesFiguresThatAreNoNumbers() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SafetyReport.Estimate(Double.NaN, 0, 1, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new SafetyReport.Comparison("x", "a", "b", 0, 0, 0, 1, null, null, Double.NaN, Double.NaN));
    }

    @Test
    void aHistogramCountsEveryValueOnce() {
        List<Double> values = IntStream.range(0, 100).mapToObj(k -> k / 99.0).toList();

        TrainingReport.Histogram histogram = TrainingReport.Histogram.of(values, 10);

        assertThat(histogram.counts()).hasSize(10).containsOnly(10);
        assertThat(TrainingReport.Histogram.of(List.of(3.0, 3.0), 2).counts()).containsExactly(2, 0);
    }
}
