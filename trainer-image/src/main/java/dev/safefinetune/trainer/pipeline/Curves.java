package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.AttachedVector;
import dev.safefinetune.contract.FlaggedRow;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.TrainingReport.Curve;
import dev.safefinetune.contract.TrainingReport.Histogram;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.train.AnchorRecord;
import dev.safefinetune.trainer.train.GateThresholds;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.StepRecord;
import dev.safefinetune.trainer.train.TokenMask;
import dev.safefinetune.trainer.train.TrainingRecord;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** From the engine's record to the report's. */
final class Curves {
    private static final int BINS = 40;

    private Curves() {}

    static Curve of(TrainingRecord record) {
        return new Curve(
                record.steps().stream()
                        .filter(s -> s.phase() != StepRecord.Phase.COPY)
                        .map(Curves::step)
                        .toList(),
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

    /** The report of a run's training. */
    static TrainingReport report(
            FineTuneRun.Request request, FineTuneRun.Result secured, @Nullable TrainingRecord plain) {
        GateThresholds gate = secured.gate();
        return new TrainingReport(
                request.settings(),
                gate == null ? null : gate.drop(),
                gate == null ? null : gate.share(),
                request.vector() == null ? null : request.scope(),
                secured.cooldown() == null ? 0 : request.cooldown().steps(),
                secured.cooldown(),
                anchor(secured.record()),
                of(secured.record()),
                plain == null ? null : of(plain),
                secured.drops().isEmpty() ? null : screening(request, secured),
                secured.masked(),
                vectors(request, secured));
    }

    private static @Nullable List<AttachedVector> vectors(FineTuneRun.Request request, FineTuneRun.Result secured) {
        VectorFiles vector = request.vector();
        if (vector == null || vector.others().isEmpty()) {
            return null;
        }
        GateThresholds gate = secured.gate();
        GateThresholds thresholds = secured.thresholds();
        return IntStream.range(0, vector.all().size())
                .mapToObj(k -> new AttachedVector(
                        ModelDirectory.digest(vector.all().get(k).directory()),
                        gate == null ? null : gate.all().get(k).drop(),
                        gate == null ? null : gate.all().get(k).share(),
                        (int) secured.drops().stream()
                                .filter(drop -> drop.vector() == k + 1 && thresholds != null && thresholds.flags(drop))
                                .count()))
                .toList();
    }

    private static TrainingReport.@Nullable Anchor anchor(TrainingRecord record) {
        AnchorRecord anchor = record.anchor();
        return anchor == null
                ? null
                : new TrainingReport.Anchor(anchor.requests(), anchor.weight(), anchor.deviation());
    }

    private static TrainingReport.Screening screening(FineTuneRun.Request request, FineTuneRun.Result secured) {
        List<SampleDrop> drops = secured.drops();
        GateThresholds thresholds = secured.thresholds();
        List<TokenMask> marks = secured.marks();
        List<Integer> flagged = flagged(drops, thresholds);
        return new TrainingReport.Screening(
                request.screening(),
                drops.size(),
                thresholds == null ? null : thresholds.drop(),
                thresholds == null ? null : thresholds.share(),
                flagged.stream().limit(TrainingReport.Screening.MOST_INDICES).toList(),
                flagged.size(),
                Histogram.of(drops.stream().map(SampleDrop::drop).toList(), BINS),
                thresholds == null || marks == null ? null : rows(request, drops, thresholds, marks));
    }

    private static List<FlaggedRow> rows(
            FineTuneRun.Request request, List<SampleDrop> drops, GateThresholds thresholds, List<TokenMask> marks) {
        VectorFiles vector = request.vector();
        boolean inPart = vector != null && vector.tokenThresholds() != null;
        return IntStream.range(0, drops.size())
                .filter(i -> isFlagged(drops.get(i), thresholds, marks.get(i), inPart))
                .limit(TrainingReport.Screening.MOST_INDICES)
                .mapToObj(i -> row(drops.get(i), thresholds, marks.get(i)))
                .toList();
    }

    /**
     * Whether a row is told.
     *
     * @param inPart whether there are thresholds of single tokens, by which a part of a row can be judged
     */
    static boolean isFlagged(SampleDrop sample, GateThresholds thresholds, TokenMask mark, boolean inPart) {
        return thresholds.flags(sample) || inPart && !mark.masksNothing();
    }

    /** A row of which something is flagged, without its text. */
    static FlaggedRow row(SampleDrop sample, GateThresholds thresholds, TokenMask mark) {
        List<Integer> spans = mark.spans();
        return new FlaggedRow(
                sample.index(),
                thresholds.flags(sample),
                spans.isEmpty() ? null : spans.getFirst() + 1,
                spans.isEmpty() ? null : spans.getLast() + 1,
                sample.answerTokens(),
                sample.drop(),
                sample.share(),
                sample.among() == null ? null : sample.vector());
    }

    /** Indices of samples that the vector explains: probably harmful. */
    static List<Integer> flagged(List<SampleDrop> drops, @Nullable GateThresholds thresholds) {
        return thresholds == null
                ? List.of()
                : drops.stream()
                        .filter(thresholds::flags)
                        .map(SampleDrop::index)
                        .toList();
    }
}
