package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The sets of parameters that learn in one training, of which one has its turn. */
final class Learners implements AutoCloseable {
    private final Network network;
    private final List<Learner> all = new ArrayList<>();
    private Learner learner;

    Learners(
            Network network,
            Scope scope,
            List<Trainable> trainables,
            Hyperparameters settings,
            BooleanSupplier endWished) {
        this.network = network;
        for (Trainable trainable : trainables) {
            String prefix = all.isEmpty() ? "" : "other" + all.size() + ".";
            all.add(new Learner(prefix, network, scope, trainable, settings, endWished));
        }
        this.learner = all.getFirst();
    }

    void turn(int to) {
        learner = all.get(to);
    }

    /** The one whose turn it is. */
    Learner learner() {
        return learner;
    }

    /** Whether it is the first one's turn, what the training is for. */
    boolean isFirst() {
        return learner == all.getFirst();
    }

    List<Checkpoints.Memory> memory() {
        return all.stream().flatMap(each -> each.memory().stream()).toList();
    }

    /** Tokens through the model so far. */
    long tokens() {
        return all.stream().mapToLong(each -> each.pass().tokens()).sum();
    }

    void cut(MemoryBudget budget) {
        all.forEach(each -> each.pass().cut(budget));
    }

    /** Replicas take over all values, also those of a learner that is frozen in the passes of another. */
    void valuesChanged() {
        network.ownWeightsChanged();
        for (Learner each : all) {
            each.pass().valuesChanged();
            all.stream().filter(other -> other != each).forEach(each::follow);
        }
    }

    @Override
    public void close() {
        all.forEach(Learner::close);
    }
}
