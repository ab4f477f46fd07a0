package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Digests of everything that training must leave alone, taken before and compared after. */
public final class FrozenTensors {
    private final CausalModel model;
    private final boolean weights;
    private final List<Adapter> adapters;
    private final SortedMap<String, Digest> before;

    /**
     * Takes the digests.
     *
     * @param weights whether the model's own weights are frozen
     */
    public FrozenTensors(CausalModel model, boolean weights, List<Adapter> adapters) {
        this.model = model;
        this.weights = weights;
        this.adapters = List.copyOf(adapters);
        this.before = digests();
    }

    private SortedMap<String, Digest> digests() {
        SortedMap<String, Digest> digests = weights ? new TreeMap<>(model.digests()) : new TreeMap<>();
        adapters.forEach(a -> digests.putAll(a.digests()));
        return digests;
    }

    /**
     * Compares.
     *
     * @throws TrainerException {@code INTERNAL} naming a tensor that changed
     */
    public void check() {
        SortedMap<String, Digest> after = digests();
        before.forEach((name, digest) -> {
            if (!digest.equals(after.get(name))) {
                throw new TrainerException(Fault.INTERNAL, "training changed the frozen tensor " + name);
            }
        });
    }
}
