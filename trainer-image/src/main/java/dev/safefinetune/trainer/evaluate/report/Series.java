package dev.safefinetune.trainer.evaluate.report;

import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.TrainingReport.Curve;
import dev.safefinetune.contract.TrainingReport.Histogram;
import dev.safefinetune.contract.TrainingReport.Step;
import dev.safefinetune.contract.Treatment;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the page's charts draw.
 *
 * @param arm the name of the arm that is judged
 * @param secured its course
 * @param plain the control arm's course
 * @param drops how much the vector explains of each sample
 * @param threshold above which a sample is flagged, in nats
 */
record Series(
        String arm,
        @Nullable Course secured,
        @Nullable Course plain,
        @Nullable Histogram drops,
        @Nullable Double threshold) {
    /** More points than a chart has pixels show nothing more. */
    private static final int MOST_POINTS = 1000;

    /**
     * One arm's course, column by column; a missing value is a gap.
     *
     * @param cooldownFrom first step with the vector off; absent without a cooldown
     * @param probeSteps after which steps the probes were taken
     */
    record Course(
            List<Integer> steps,
            List<@Nullable Double> loss,
            List<@Nullable Double> gradientNorm,
            @Nullable Integer cooldownFrom,
            List<Integer> probeSteps,
            List<Double> probeOn,
            List<Double> probeOff) {}

    static Series of(SafetyReport report) {
        TrainingReport training = report.training();
        String arm = Treatment.of(report).arm();
        if (training == null) {
            return new Series(arm, null, null, null, null);
        }
        TrainingReport.Screening screening = training.screening();
        Curve plain = training.plain();
        return new Series(
                arm,
                course(training.secured()),
                plain == null ? null : course(plain),
                screening == null ? null : screening.drops(),
                screening == null ? null : screening.threshold());
    }

    private static Course course(Curve curve) {
        List<Step> all = curve.steps();
        int stride = Math.max(1, Math.ceilDiv(all.size(), MOST_POINTS));
        List<Step> shown = IntStream.iterate(0, k -> k < all.size(), k -> k + stride)
                .mapToObj(all::get)
                .toList();
        Integer cooldown =
                all.stream().filter(Step::cooldown).map(Step::step).findFirst().orElse(null);
        return new Course(
                column(shown, Step::step),
                column(shown, Step::loss),
                column(shown, Step::gradientNorm),
                cooldown,
                column(curve.probes(), TrainingReport.Probe::step),
                column(curve.probes(), TrainingReport.Probe::lossOn),
                column(curve.probes(), TrainingReport.Probe::lossOff));
    }

    private static <T, C extends @Nullable Object> List<C> column(List<T> rows, Function<T, C> cell) {
        return rows.stream().map(cell).toList();
    }
}
