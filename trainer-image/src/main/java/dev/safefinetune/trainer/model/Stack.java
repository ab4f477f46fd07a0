package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.kernel.Factors;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stacks the factors of all active adapters. Several adapters on one layer become one pair of higher rank, so that a frozen
 * vector beside a trained adapter costs two wider matrix products, not four.
 */
final class Stack {
    private Stack() {}

    static Factors of(Network network, Scope scope, List<? extends LowRank> adapters) {
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
        return network.kernels().stack(scope, a, b, scales, n);
    }
}
