package dev.safefinetune.trainer.adapter;

import dev.safefinetune.trainer.kernel.Kernels;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.LowRank;
import dev.safefinetune.trainer.tensor.Scope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Several adapters as one: Σ s·B·A is B'·A' where A' has the rows of all A and B' the columns of all s·B. So whatever takes
 * one frozen adapter takes their sum.
 */
public final class AdapterSum {
    private AdapterSum() {}

    /**
     * The sum; an adapter alone is its own sum.
     *
     * @param adapters of this model, at least one; they are not needed afterwards, unless there is only one
     */
    public static Adapter of(CausalModel model, List<Adapter> adapters) {
        if (adapters.size() == 1) {
            return adapters.getFirst();
        }
        List<AdapterLayer> layers = new ArrayList<>();
        for (String module : model.network().order().modules()) {
            int rank = parts(adapters, module).stream()
                    .mapToInt(part -> Math.toIntExact(part.a().size(0)))
                    .sum();
            if (rank > 0) {
                layers.add(new AdapterLayer(module, rank, 1));
            }
        }
        // Nobody writes a sum: its settings are those of the first, as is the case of an adapter with patterns.
        Adapter sum = new Adapter(model.network(), adapters.getFirst().settings(), layers);
        try {
            for (int i = 0; i < layers.size(); i++) {
                fill(sum, i, parts(adapters, layers.get(i).module()));
            }
            return sum;
        } catch (RuntimeException e) {
            sum.close();
            throw e;
        }
    }

    private static List<LowRank.Factors> parts(List<Adapter> adapters, String module) {
        return adapters.stream()
                .map(adapter -> adapter.factors(module))
                .flatMap(Optional::stream)
                .toList();
    }

    private static void fill(Adapter sum, int layer, List<LowRank.Factors> parts) {
        int rank = sum.layers().get(layer).rank();
        int in = Math.toIntExact(sum.a(layer).size(1));
        int out = Math.toIntExact(sum.b(layer).size(0));
        float[] a = new float[rank * in];
        float[] b = new float[out * rank];
        Kernels kernels = sum.network().kernels();
        try (Scope scope = new Scope()) {
            int at = 0;
            for (LowRank.Factors part : parts) {
                int own = Math.toIntExact(part.a().size(0));
                float[] rows = floats(kernels.memory(scope, part.a()));
                System.arraycopy(rows, 0, a, at * in, own * in);
                float[] columns = floats(kernels.memory(scope, part.b()));
                float scale = (float) part.scale();
                for (int row = 0; row < out; row++) {
                    for (int r = 0; r < own; r++) {
                        b[row * rank + at + r] = scale * columns[row * own + r];
                    }
                }
                at += own;
            }
            kernels.copy(List.of(sum.a(layer), sum.b(layer)), List.of(scope.of(a, rank, in), scope.of(b, out, rank)));
        }
    }

    private static float[] floats(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_FLOAT);
    }
}
