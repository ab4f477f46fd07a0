package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to train on, and how.
 *
 * @param settings method, adapter shape and hyper-parameters
 * @param samples the user's samples
 * @param validation held-out samples for the validation loss; may be empty
 * @param safeguard the vector and how it is used; absent for a plain fine-tune
 * @param cooldown the steps at the end, with the vector off
 */
public record FineTuneTask(
        FineTuning settings,
        List<EncodedSample> samples,
        List<EncodedSample> validation,
        @Nullable Safeguard safeguard,
        Cooldown cooldown) {
    public FineTuneTask {
        samples = List.copyOf(samples);
        validation = List.copyOf(validation);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("samples must not be empty");
        }
        if (safeguard != null && safeguard.gate() != null && safeguard.drops().size() != samples.size()) {
            throw new IllegalArgumentException("a gate needs one drop a sample");
        }
    }

    /** A fine-tune without vector, gate, validation or cooldown: the control arm, and pre-training. */
    public static FineTuneTask plain(FineTuning settings, List<EncodedSample> samples) {
        return new FineTuneTask(settings, samples, List.of(), null, Cooldown.NONE);
    }

    /** The vector; absent for a plain fine-tune. */
    @Nullable
    Adapter vector() {
        return safeguard == null ? null : safeguard.vector();
    }

    /** The gate's thresholds; absent without a gate. */
    @Nullable
    GateThresholds gate() {
        return safeguard == null ? null : safeguard.gate();
    }

    /** What holds the model's states; absent without a vector, and where nothing does. */
    @Nullable
    Anchor anchor() {
        return safeguard == null ? null : safeguard.anchor();
    }

    /** Refusals that each step takes some of; empty where none are mixed in. */
    List<EncodedSample> mixedIn() {
        return safeguard == null || safeguard.scope() != VectorScope.DOUBTFUL_SAMPLES
                ? List.of()
                : safeguard.refusals();
    }

    /** All samples that steps may take. */
    List<EncodedSample> trained() {
        Anchor anchor = anchor();
        List<EncodedSample> held = anchor == null ? List.of() : anchor.requests();
        return Stream.of(samples, cooldown.samples(), mixedIn(), held)
                .flatMap(List::stream)
                .toList();
    }

    /** Tokens of the longest of them. */
    int longest() {
        return trained().stream().mapToInt(EncodedSample::length).max().orElse(1);
    }
}
