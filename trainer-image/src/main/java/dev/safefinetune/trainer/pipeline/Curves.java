package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.TrainingReport.Curve;
import dev.safefinetune.contract.TrainingReport.Histogram;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.StepRecord;
import dev.safefinetune.trainer.train.TrainingRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the engine's record to the report's. */
final class Curves {
    private static final int BINS = 40;

    private Curves() {}

    static Curve of(TrainingRecord record) {
        return new Curve(
                record.steps().stream().map(Curves::step).toList(),
                record.probes().stream()
                        .map(p -> new TrainingReport.Probe(p.step(), p.lossOn(), p.lossOff()))
                        .toList(),
                record.gatedSamples(),
                record.vectorOffSamples(),
                record.validationLoss(),
                record.tokens(),
                record.seconds());
    }

    /** Loss of the last step; of the last probe where the gate left out every sample, so that it is a number. */
    static double lastLoss(TrainingRecord record) {
        double loss = record.lastLoss();
        if (Double.isFinite(loss)) {
            return loss;
        }
        return record.probes().isEmpty() ? 0 : record.probes().getLast().lossOn();
    }

    private static TrainingReport.Step step(StepRecord s) {
        return new TrainingReport.Step(
                s.step(),
                s.phase() == StepRecord.Phase.COOLDOWN,
                s.learningRate(),
                s.loss(),
                s.gradientNorm(),
                s.samples(),
                s.gated());
    }

    static TrainingReport.Screening screening(
            ScreeningAction action, List<SampleDrop> drops, @Nullable Double threshold) {
        List<Integer> flagged = flagged(drops, threshold);
        return new TrainingReport.Screening(
                action,
                drops.size(),
                threshold,
                flagged.stream().limit(TrainingReport.Screening.MOST_INDICES).toList(),
                flagged.size(),
                Histogram.of(drops.stream().map(SampleDrop::drop).toList(), BINS));
    }

    /** Indices of samples that the vector explains: probably harmful. */
    static List<Integer> flagged(List<SampleDrop> drops, @Nullable Double threshold) {
        return threshold == null
                ? List.of()
                : drops.stream()
                        .filter(d -> d.drop() > threshold)
                        .map(SampleDrop::index)
                        .toList();
    }
}
