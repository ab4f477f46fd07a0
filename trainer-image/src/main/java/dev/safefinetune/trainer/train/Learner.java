package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Parameters that learn, where their gradients are gathered, and their optimizer. */
final class Learner implements AutoCloseable {
    private final String prefix;
    private final Network network;
    private final Trainable trainable;
    private final GradientPass pass;
    private final AdamW optimizer;

    /**
     * A fresh one.
     *
     * @param prefix of what it remembers in a checkpoint; empty for the first of a training
     * @param scope owns what the optimizer remembers
     */
    Learner(
            String prefix,
            Network network,
            Scope scope,
            Trainable trainable,
            Hyperparameters settings,
            BooleanSupplier endWished) {
        this.prefix = prefix;
        this.network = network;
        this.trainable = trainable;
        this.optimizer = new AdamW(network, scope, trainable, settings);
        MemoryBudget budget = MemoryBudget.ofProcessors(settings.microBatchTokens());
        this.pass = new GradientPass(network, trainable, budget, endWished);
    }

    /** What a checkpoint keeps of it. */
    List<Checkpoints.Memory> memory() {
        List<Checkpoints.Memory> memory = new ArrayList<>();
        memory.add(new Checkpoints.Memory(
                "parameters", network.kernels(), trainable.values().flat()));
        memory.addAll(optimizer.memory());
        return memory.stream()
                .map(m -> new Checkpoints.Memory(prefix + m.name(), m.kernels(), m.tensor()))
                .toList();
    }

    Trainable trainable() {
        return trainable;
    }

    GradientPass pass() {
        return pass;
    }

    AdamW optimizer() {
        return optimizer;
    }

    /** Replicas take over the values of another learner, which is frozen in these passes. */
    void follow(Learner other) {
        Adapter adapter = other.trainable.adapter();
        if (adapter != null) {
            pass.frozenChanged(adapter);
        }
    }

    @Override
    public void close() {
        pass.close();
    }
}
