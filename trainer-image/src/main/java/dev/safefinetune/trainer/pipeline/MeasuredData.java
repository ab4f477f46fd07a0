package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.FrozenVectors;
import dev.safefinetune.trainer.train.GateThresholds;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.TokenMask;
import dev.safefinetune.trainer.train.TokenThresholds;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a vector says of a run's samples. Kept with the checkpoints, so that a run that goes on does not screen again; of
 * single tokens only is kept which are flagged.
 *
 * @param drops of all of the user's samples
 * @param trusted of the user's trusted samples
 * @param marks the flagged tokens of all of the user's samples; absent where there are no thresholds, and in what earlier
 *     releases kept
 */
record MeasuredData(
        List<SampleDrop> drops,
        List<SampleDrop> trusted,
        @Nullable List<TokenMask> marks) {
    private static final String KEPT = "screening";

    /** What an earlier process kept, or a measurement. */
    static MeasuredData of(
            CausalModel model,
            FrozenVectors vectors,
            FineTuneRun.Request request,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints checkpoints) {
        return checkpoints
                .kept(KEPT, MeasuredData.class)
                .filter(kept -> kept.marks != null || !request.gate().isOfTokens())
                .orElseGet(() -> {
                    progress.activity("screening");
                    MeasuredData measured = measure(model, vectors, request);
                    checkpoints.keep(KEPT, measured, log);
                    return measured;
                });
    }

    private static MeasuredData measure(CausalModel model, FrozenVectors vectors, FineTuneRun.Request request) {
        int limit = request.settings().hyperparameters().microBatchTokens();
        GateThresholds samples = request.thresholds();
        List<TokenThresholds> tokens = thresholds(request);
        List<Row> rows = vectors.screen(
                model, request.data().train(), limit, losses -> Row.of(losses, request.missed(), samples, tokens));
        List<EncodedSample> trusted = request.data().trusted();
        return new MeasuredData(
                rows.stream().map(Row::drop).toList(),
                trusted.isEmpty() ? List.of() : vectors.screen(model, trusted, limit, losses -> losses.sample(samples)),
                tokens == null ? null : rows.stream().map(Row::mark).toList());
    }

    /**
     * What is kept of a sample.
     *
     * @param mark empty where there are no thresholds
     */
    private record Row(SampleDrop drop, TokenMask mark) {
        static Row of(
                FrozenVectors.Losses losses,
                Set<Integer> missed,
                @Nullable GateThresholds samples,
                @Nullable List<TokenThresholds> tokens) {
            SampleDrop drop = losses.sample(samples);
            TokenMask none = TokenMask.none(losses.together().length());
            return missed.contains(drop.index())
                    ? new Row(drop.unexplained(), none)
                    : new Row(drop, tokens == null ? none : losses.mask(tokens));
        }
    }

    /** From when on a token counts as flagged; absent where neither tokens nor samples have thresholds. */
    private static @Nullable List<TokenThresholds> thresholds(FineTuneRun.Request request) {
        VectorFiles vector = request.vector();
        GateThresholds samples = request.thresholds();
        if (vector == null) {
            return null;
        }
        return samples == null ? vector.tokenThresholds() : vector.tokenThresholds(samples);
    }
}
