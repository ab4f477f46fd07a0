package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import java.util.List;
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
 * @param vectorTensors digests of the vector's tensors; empty without a vector
 * @param vectorShare how much of the vector is in the merged model: about 0, or 1 if it had been merged in; absent without
 *     a vector
 * @param merged summed negative log-likelihoods of the first samples under the merged model, reloaded
 * @param attached the same under the base with the adapter attached; absent after a full fine-tune
 */
public record PublicationProof(
        Digest base,
        Digest model,
        @Nullable Digest adapter,
        SortedSet<String> vectorTensors,
        @Nullable Double vectorShare,
        List<Double> merged,
        @Nullable List<Double> attached) {
    /** How many samples are compared. */
    public static final int PROBES = 16;

    public PublicationProof {
        vectorTensors = new TreeSet<>(vectorTensors);
        merged = List.copyOf(merged);
        attached = attached == null ? null : List.copyOf(attached);
    }
}
