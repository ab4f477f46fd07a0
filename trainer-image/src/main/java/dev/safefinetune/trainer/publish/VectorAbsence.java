package dev.safefinetune.trainer.publish;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.SafetensorsFile;
import dev.safefinetune.trainer.store.StoredTensor;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Proves that a security vector is not in a model.
 *
 * <p>Two proofs. No tensor of the model is, bit for bit, one of the vector's. And the model has not moved along the
 * vector: with δ = W − W_base and ΔW_s = s·B·A of the vector, the share Σ⟨δ, ΔW_s⟩ / Σ‖ΔW_s‖² over all layers is 1 where
 * the vector was merged in, and near 0 where it was not.
 */
public final class VectorAbsence {
    /** Half of the vector: a model without it stays far below, one with it is at 1. */
    private static final double MAX_SHARE = 0.5;

    private static final String PREFIX = "base_model.model.";
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private VectorAbsence() {}

    /** Digests of a vector's tensors; they say nothing of their values, so a stage that must not see it may have them. */
    public static SortedSet<String> fingerprints(Path vector) {
        SortedSet<String> digests = new TreeSet<>();
        try (SafetensorsFile file = SafetensorsFile.open(vector.resolve(ModelDirectory.ADAPTER_WEIGHTS))) {
            file.tensors().values().forEach(t -> digests.add(digest(t).value()));
        }
        return digests;
    }

    /**
     * Looks for the vector's tensors.
     *
     * @param tensors of what is to be published
     * @throws TrainerException {@link Fault#PUBLISH_CHECK_FAILED} naming a tensor that is the vector's
     */
    public static void requireNoTensor(SortedMap<String, StoredTensor> tensors, Collection<String> fingerprints) {
        tensors.forEach((name, tensor) -> {
            if (fingerprints.contains(digest(tensor).value())) {
                throw new TrainerException(
                        Fault.PUBLISH_CHECK_FAILED,
                        "tensor " + name + " of the result is one of the security vector's");
            }
        });
    }

    private static Digest digest(StoredTensor tensor) {
        return Digests.ofSegment(tensor.data());
    }

    /**
     * How much of the vector is in a model.
     *
     * @param base directory of the base model
     * @param model directory of the model made from it
     * @param vector directory of the vector
     * @return 1 where it was merged in, about 0 where not
     */
    public static double share(Path base, Path model, Path vector) {
        double along = 0;
        double whole = 0;
        double scale = scale(vector);
        try (Checkpoint before = Checkpoint.open(base);
                Checkpoint after = Checkpoint.open(model);
                SafetensorsFile adapter = SafetensorsFile.open(vector.resolve(ModelDirectory.ADAPTER_WEIGHTS))) {
            for (Map.Entry<String, StoredTensor> e : adapter.tensors().entrySet()) {
                if (!e.getKey().endsWith(A)) {
                    continue;
                }
                String path = e.getKey().substring(PREFIX.length(), e.getKey().length() - A.length());
                float[] a = e.getValue().values();
                float[] b = adapter.tensor(PREFIX + path + B).values();
                int rank = Math.toIntExact(e.getValue().shape().getFirst());
                String weight = path + ".weight";
                along += scale * inner(before.tensor(weight), after.tensor(weight), a, b, rank);
                whole += scale * scale * norm(a, b, rank);
            }
        }
        return whole == 0 ? 0 : along / whole;
    }

    /**
     * Holds a share to what a model without the vector has.
     *
     * @param what the model, for the message
     * @throws TrainerException {@link Fault#PUBLISH_CHECK_FAILED} for more than that, and for what is no number: it shows
     *     nothing
     */
    public static void requireNoShare(String what, double share) {
        if (!(share <= MAX_SHARE)) {
            throw new TrainerException(
                    Fault.PUBLISH_CHECK_FAILED, what + " holds a share of " + share + " of the vector");
        }
    }

    private static double scale(Path vector) {
        var config = ModelDirectory.readObject(vector.resolve(ModelDirectory.ADAPTER_CONFIG));
        double rank = config.path("r").asDouble(8);
        double alpha = config.path("lora_alpha").asDouble(8);
        return alpha / (config.path("use_rslora").asBoolean() ? Math.sqrt(rank) : rank);
    }

    /** ⟨W − W_base, B·A⟩ = Σ_ir B_ir · Σ_j δ_ij · A_rj, row by row so that δ never lies in memory. */
    private static double inner(StoredTensor before, StoredTensor after, float[] a, float[] b, int rank) {
        int out = Math.toIntExact(after.shape().get(0));
        int in = Math.toIntExact(after.shape().get(1));
        float[] delta = new float[in];
        double sum = 0;
        for (int i = 0; i < out; i++) {
            for (int j = 0; j < in; j++) {
                long at = (long) i * in + j;
                delta[j] = after.value(at) - before.value(at);
            }
            for (int r = 0; r < rank; r++) {
                float dot = 0;
                for (int j = 0; j < in; j++) {
                    dot += delta[j] * a[r * in + j];
                }
                sum += (double) b[i * rank + r] * dot;
            }
        }
        return sum;
    }

    /** ‖B·A‖² = Σ_qr (BᵀB)_qr (AAᵀ)_qr. */
    private static double norm(float[] a, float[] b, int rank) {
        int in = a.length / rank;
        int out = b.length / rank;
        double sum = 0;
        for (int q = 0; q < rank; q++) {
            for (int r = 0; r < rank; r++) {
                double bb = 0;
                for (int i = 0; i < out; i++) {
                    bb += (double) b[i * rank + q] * b[i * rank + r];
                }
                double aa = 0;
                for (int j = 0; j < in; j++) {
                    aa += (double) a[q * in + j] * a[r * in + j];
                }
                sum += bb * aa;
            }
        }
        return sum;
    }
}
