package dev.safefinetune.trainer.train;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in training, for the report.
 *
 * @param steps every step
 * @param probes losses with and without the vector on a fixed handful of samples
 * @param gateDrop threshold of the gate in nats; absent without one
 * @param gatedSamples training samples that the gate leaves out
 * @param vectorOffSamples training samples that the vector makes harder and that are therefore trained without it
 * @param validationLoss per answer token with the vector off, after training; absent without validation samples
 * @param anchor what held the model's states; absent without one, and in records of releases before there were any
 * @param tokens tokens through the model in training
 * @param seconds of the steps, probes and validation left out
 */
public record TrainingRecord(
        List<StepRecord> steps,
        List<ProbeRecord> probes,
        @Nullable Double gateDrop,
        int gatedSamples,
        int vectorOffSamples,
        @Nullable Double validationLoss,
        @Nullable AnchorRecord anchor,
        long tokens,
        double seconds) {
    public TrainingRecord {
        steps = List.copyOf(steps);
        probes = List.copyOf(probes);
    }

    /** Tokens through the model per second. */
    public double tokensPerSecond() {
        return seconds == 0 ? 0 : tokens / seconds;
    }

    /** Loss of the last step that had one, in nats per answer token; not a number where there was none. */
    public double lastLoss() {
        return steps.reversed().stream()
                .map(StepRecord::loss)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(Double.NaN);
    }
}
