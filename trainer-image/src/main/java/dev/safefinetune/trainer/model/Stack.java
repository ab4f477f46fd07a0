package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Low-rank factors of all active adapters as the kernels take them, one pair a slot. Several adapters on one layer become
 * one pair of higher rank, so that a frozen vector beside a trained adapter costs two wider matrix products, not four.
 *
 * @param a per slot {@code [R, in]}, or empty
 * @param b per slot {@code [out, R]} with each adapter's scale multiplied in, or empty
 */
public record Stack(List<Tensor> a, List<Tensor> b) {

    static Stack of(Network network, Scope scope, List<? extends LowRank> adapters) {
        List<String> modules = network.order().modules();
        int n = Math.max(1, adapters.size());
        Tensor none = scope.of(new float[0], 0, 0);
        List<Tensor> a = new ArrayList<>();
        List<Tensor> b = new ArrayList<>();
        double[] scales = new double[modules.size() * n];
        for (String module : modules) {
            if (adapters.isEmpty()) {
                a.add(none);
                b.add(none);
            }
            for (LowRank adapter : adapters) {
                Optional<LowRank.Factors> factors = adapter.factors(module);
                scales[a.size()] = factors.map(LowRank.Factors::scale).orElse(0.0);
                a.add(factors.map(LowRank.Factors::a).orElse(none));
                b.add(factors.map(LowRank.Factors::b).orElse(none));
            }
        }
        List<Tensor> stacked = network.script().call(scope, "stack", a, b, scales, (long) n);
        return new Stack(stacked.subList(0, modules.size()), stacked.subList(modules.size(), stacked.size()));
    }
}
