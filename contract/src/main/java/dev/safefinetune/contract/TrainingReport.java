package dev.safefinetune.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a training stage, as it leaves it on the scratch volume and the report shows it.
 *
 * @param fineTuning what was trained, and how
 * @param gateDrop threshold of the gate in nats; absent without one
 * @param gateShare threshold of the gate on the share of a sample's loss, 0..1; absent without one
 * @param vectorScope which samples the vector was on for; absent without a vector
 * @param cooldownSteps steps with the vector off at the end
 * @param cooldown what those steps trained on; absent without any
 * @param anchor what held the model's states to the base's; absent where nothing did
 * @param secured the arm that is published, trained with the vector where there is one
 * @param plain the control arm, trained without
 * @param screening what the vector says of the dataset; absent without a vector
 * @param masked what a gate of single tokens left out; absent where whole samples were judged
 * @param vectors those that were attached together, in their order; absent with one. The gate's thresholds, and the
 *     screening's, are then those of the first.
 */
public record TrainingReport(
        FineTuning fineTuning,
        @Nullable Double gateDrop,
        @Nullable Double gateShare,
        @Nullable VectorScope vectorScope,
        int cooldownSteps,
        @Nullable Cooldown cooldown,
        @Nullable Anchor anchor,
        Curve secured,
        @Nullable Curve plain,
        @Nullable Screening screening,
        @Nullable Masked masked,
        @Nullable List<AttachedVector> vectors) {
    public TrainingReport {
        Require.present("training.fineTuning", fineTuning);
        Require.range("training.cooldownSteps", cooldownSteps, 0, Integer.MAX_VALUE);
        Require.present("training.secured", secured);
        vectors = vectors == null ? null : List.copyOf(vectors);
    }

    /**
     * What a gate of single tokens left out of the samples that it did not leave out whole.
     *
     * @param gate its thresholds
     * @param samples samples that miss a token
     * @param tokens tokens that are missing
     */
    public record Masked(TokenGate gate, int samples, long tokens) {
        public Masked {
            Require.present("masked.gate", gate);
            Require.range("masked.samples", samples, 0, Integer.MAX_VALUE);
        }
    }

    /**
     * What a cooldown trained on, in samples.
     *
     * @param refusals the base's own refusals of the vector's requests
     * @param lookAlikes the base's own answers to allowed requests that look like them
     * @param own the user's samples that screening calls clearly harmless
     * @param trusted the user's trusted samples
     * @param trustedLeftOut of them, those that screening flagged and that were therefore left out; not in {@code trusted}
     * @param learningRate of the steps
     */
    public record Cooldown(
            int refusals, int lookAlikes, int own, int trusted, int trustedLeftOut, double learningRate) {}

    /**
     * What held the model's hidden states.
     *
     * @param requests of the vector's replay at which they were held
     * @param weight of the term in the loss
     * @param deviation mean squared distance of the states from the base's, relative to the variance of the base's, after the
     *     last step; before the first it is 0
     */
    public record Anchor(int requests, double weight, double deviation) {}

    /**
     * One arm's course.
     *
     * @param steps every optimizer step
     * @param probes losses with and without the vector on a fixed handful of samples
     * @param gatedSamples samples that the gate left out
     * @param vectorOffSamples samples that the vector makes harder and that were therefore trained without it
     * @param validationLoss per answer token with the vector off, after training; absent without validation samples
     * @param tokens tokens through the model
     * @param seconds of the steps alone
     */
    public record Curve(
            List<Step> steps,
            List<Probe> probes,
            int gatedSamples,
            int vectorOffSamples,
            @Nullable Double validationLoss,
            long tokens,
            double seconds) {
        public Curve {
            steps = List.copyOf(steps);
            probes = List.copyOf(probes);
            Require.range("curve.seconds", seconds, 0, Double.MAX_VALUE);
        }
    }

    /**
     * One optimizer step.
     *
     * @param step from 1, counted through training and cooldown
     * @param cooldown whether the vector was off
     * @param learningRate of this step
     * @param loss nats per answer token; absent where the gate left out the whole batch
     * @param gradientNorm before clipping; absent where the gate left out the whole batch
     * @param samples samples of the step
     * @param gated samples of it that the gate left out
     */
    public record Step(
            int step,
            boolean cooldown,
            double learningRate,
            @Nullable Double loss,
            @Nullable Double gradientNorm,
            int samples,
            int gated) {}

    /**
     * Losses of one fixed handful of training samples, in nats per answer token.
     *
     * @param step after which step; 0 before the first
     * @param lossOn with the vector attached
     * @param lossOff with the vector off
     */
    public record Probe(int step, double lossOn, double lossOff) {}

    /**
     * What the vector says of the dataset, by index and never by text.
     *
     * @param action what was done about flagged samples
     * @param scanned samples whose drop was measured
     * @param threshold drop above which a sample is flagged, in nats
     * @param thresholdShare share of its loss above which it is, 0..1; both have to be exceeded
     * @param flagged indices of flagged samples in the dataset, at most {@link #MOST_INDICES}
     * @param flaggedCount how many were flagged
     * @param drops how the drops are spread
     * @param rows where in the file flagged rows and flagged parts of rows are, at most {@link #MOST_INDICES}; absent from
     *     releases that told indices alone
     */
    public record Screening(
            ScreeningAction action,
            int scanned,
            @Nullable Double threshold,
            @Nullable Double thresholdShare,
            List<Integer> flagged,
            int flaggedCount,
            Histogram drops,
            @Nullable List<FlaggedRow> rows) {
        public static final int MOST_INDICES = 10_000;

        /** One that tells indices alone. */
        public Screening(
                ScreeningAction action,
                int scanned,
                @Nullable Double threshold,
                @Nullable Double thresholdShare,
                List<Integer> flagged,
                int flaggedCount,
                Histogram drops) {
            this(action, scanned, threshold, thresholdShare, flagged, flaggedCount, drops, null);
        }

        public Screening {
            Require.present("screening.action", action);
            flagged = List.copyOf(flagged);
            Require.range("screening.flagged", flagged.size(), 0, MOST_INDICES);
            Require.range("screening.flaggedCount", flaggedCount, flagged.size(), scanned);
            Require.present("screening.drops", drops);
            rows = rows == null ? null : List.copyOf(rows);
        }
    }

    /**
     * Counts in bins of equal width; the first and the last bin also hold what lies outside.
     *
     * @param low where the first bin begins
     * @param width of each bin, above 0
     * @param counts of each bin
     */
    public record Histogram(double low, double width, List<Integer> counts) {
        public Histogram {
            Require.positive("histogram.width", width);
            counts = List.copyOf(Require.notEmpty("histogram.counts", counts));
        }

        /** Spreads values over so many bins between the least and the greatest of them. */
        public static Histogram of(List<Double> values, int bins) {
            double low = values.stream().mapToDouble(v -> v).min().orElse(0);
            double high = values.stream().mapToDouble(v -> v).max().orElse(0);
            double width = high > low ? (high - low) / bins : 1;
            int[] counts = new int[bins];
            for (double value : values) {
                counts[Math.clamp((long) ((value - low) / width), 0, bins - 1)]++;
            }
            return new Histogram(
                    low, width, java.util.Arrays.stream(counts).boxed().toList());
        }
    }
}
