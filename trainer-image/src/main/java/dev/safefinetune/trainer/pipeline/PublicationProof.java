package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.trainer.publish.VectorAbsence;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the training stage, which sees the vector, leaves for the publish stage, which must not: enough to tell whether
 * what is published is what was trained, and that nothing of the vector is in it.
 *
 * @param base digest of the base model
 * @param model digest of the merged model
 * @param adapter digest of the user's adapter; absent after a full fine-tune
 * @param vectorTensors digests of the tensors of all vectors; empty without a vector
 * @param vectorShare how much of the vector is in the merged model: about 0, or 1 if it had been merged in; of several
 *     vectors the greatest; absent without a vector
 * @param merged summed negative log-likelihoods of the first samples under the merged model, reloaded
 * @param precision in what these are computed
 * @param attached the same under the base with the adapter attached; absent after a full fine-tune
 */
public record PublicationProof(
        Digest base,
        Digest model,
        @Nullable Digest adapter,
        SortedSet<String> vectorTensors,
        @Nullable Double vectorShare,
        List<Double> merged,
        Precision precision,
        @Nullable List<Double> attached) {
    /** How many samples are compared. */
    public static final int PROBES = 16;

    /**
     * The proof of an arm that was written.
     *
     * @param model directory of the merged model
     * @param adapter directory of the user's adapter; absent where there is none
     * @throws dev.safefinetune.trainer.store.TrainerException where the vector is in the merged model
     */
    static PublicationProof of(
            FineTuneRun.Request request,
            Path model,
            @Nullable Path adapter,
            List<Double> merged,
            @Nullable List<Double> attached) {
        VectorFiles vector = request.vector();
        SortedSet<String> tensors = new TreeSet<>();
        for (VectorFiles each : vector == null ? List.<VectorFiles>of() : vector.all()) {
            tensors.addAll(VectorAbsence.fingerprints(each.directory()));
        }
        Double share = vector == null ? null : greatestShare(request.base(), model, vector);
        if (share != null) {
            VectorAbsence.requireNoShare("the merged model", share);
        }
        return new PublicationProof(
                ModelDirectory.digest(request.base()),
                ModelDirectory.digest(model),
                adapter == null ? null : ModelDirectory.digest(adapter),
                tensors,
                share,
                merged,
                request.settings().precision(),
                attached);
    }

    /** The share of the vector that is in a model the most. NaN, which shows nothing, is greater than any number. */
    static double greatestShare(Path base, Path model, VectorFiles vectors) {
        return vectors.all().stream()
                .map(each -> VectorAbsence.share(base, model, each.directory()))
                .max(Double::compare)
                .orElseThrow();
    }

    public PublicationProof {
        vectorTensors = new TreeSet<>(vectorTensors);
        merged = List.copyOf(merged);
        precision = Objects.requireNonNullElse(precision, Precision.FLOAT32);
        attached = attached == null ? null : List.copyOf(attached);
    }
}
