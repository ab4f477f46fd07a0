package dev.safefinetune.trainer.publish;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.adapter.AdapterLayer;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.SafetensorsFile;
import dev.safefinetune.trainer.store.StoredTensor;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Proves that an adapter on its base is the merged model that was judged: an adapter is published, and it was the merged
 * model that answered.
 *
 * <p>For each layer, W_judged must be W_base + s·B·A but for the rounding of the merge, and each other tensor must be the
 * base's bit for bit. The merge adds in float32 in an order that depends on the processor, so its bits cannot be asked for.
 * Its error has a bound (Higham, Accuracy and Stability of Numerical Algorithms, 3.1):
 * |fl(w) − w| ≤ (r + 4)·u·(|W_base| + s·|B|·|A|), and half a unit in the last place of the stored type.
 */
public final class AdapterProof {
    /** Unit roundoff of float32, in which the merge is computed. */
    private static final double UNIT = 0x1p-24;

    private final Checkpoint base;
    private final Checkpoint judged;
    private final SafetensorsFile adapter;

    private AdapterProof(Checkpoint base, Checkpoint judged, SafetensorsFile adapter) {
        this.base = base;
        this.judged = judged;
        this.adapter = adapter;
    }

    /**
     * Compares all weights.
     *
     * @param base directory of the base model
     * @param adapter directory of the adapter
     * @param layers of the adapter
     * @param judged directory of the merged model that was judged
     * @throws TrainerException {@link Fault#PUBLISH_CHECK_FAILED} naming the first tensor that differs
     */
    public static void require(Path base, Path adapter, List<AdapterLayer> layers, Path judged) {
        Map<String, AdapterLayer> byWeight =
                layers.stream().collect(Collectors.toMap(layer -> layer.module() + ".weight", Function.identity()));
        try (Checkpoint before = Checkpoint.open(base);
                Checkpoint after = Checkpoint.open(judged);
                SafetensorsFile factors = SafetensorsFile.open(adapter.resolve(ModelDirectory.ADAPTER_WEIGHTS))) {
            AdapterProof proof = new AdapterProof(before, after, factors);
            byWeight.keySet().forEach(after::tensor);
            for (String name : after.tensors().keySet()) {
                AdapterLayer layer = byWeight.get(name);
                if (layer == null ? !proof.isUntouched(name) : !proof.isMerged(name, layer)) {
                    throw new TrainerException(
                            Fault.PUBLISH_CHECK_FAILED,
                            "the adapter on its base is not the model that was judged: tensor " + name + " differs");
                }
            }
        }
    }

    private boolean isUntouched(String name) {
        StoredTensor before = base.tensor(name);
        StoredTensor after = judged.tensor(name);
        return before.dtype() == after.dtype()
                && before.shape().equals(after.shape())
                && before.data().mismatch(after.data()) < 0;
    }

    private boolean isMerged(String name, AdapterLayer layer) {
        StoredTensor before = base.tensor(name);
        StoredTensor after = judged.tensor(name);
        int out = Math.toIntExact(before.shape().get(0));
        int in = Math.toIntExact(before.shape().get(1));
        float[] a = adapter.tensor(layer.keyOfA()).values();
        float[] b = adapter.tensor(layer.keyOfB()).values();
        return before.shape().equals(after.shape())
                && a.length == layer.rank() * in
                && b.length == layer.rank() * out
                && IntStream.range(0, out).parallel().allMatch(row -> isMerged(row, layer, before, after, a, b));
    }

    /** One row, {@code [in]}, in double precision, whose own error is nothing beside the bound. */
    private static boolean isMerged(
            int row, AdapterLayer layer, StoredTensor before, StoredTensor after, float[] a, float[] b) {
        int in = Math.toIntExact(before.shape().get(1));
        double[] sum = new double[in];
        double[] size = new double[in];
        for (int r = 0; r < layer.rank(); r++) {
            double factor = layer.scale() * b[row * layer.rank() + r];
            for (int j = 0; j < in; j++) {
                double term = factor * a[r * in + j];
                sum[j] += term;
                size[j] += Math.abs(term);
            }
        }
        double rounding = (layer.rank() + 4) * UNIT;
        for (int j = 0; j < in; j++) {
            long at = (long) row * in + j;
            double weight = before.value(at);
            double found = after.value(at);
            double bound = rounding * (Math.abs(weight) + size[j]) + storing(after.dtype(), found);
            if (!(Math.abs(found - weight - sum[j]) <= bound)) {
                return false;
            }
        }
        return true;
    }

    /** Half a unit in the last place, also of the smallest numbers of a type. */
    private static double storing(DType type, double value) {
        return switch (type) {
            case F16 -> Math.max(Math.abs(value) * 0x1p-11, 0x1p-25);
            case BF16 -> Math.max(Math.abs(value) * 0x1p-8, 0x1p-134);
            default -> Math.max(Math.abs(value) * UNIT, 0x1p-150);
        };
    }
}
