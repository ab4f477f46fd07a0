package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Optimizer steps, their record and their clock. The caller gathers gradients through {@link #pass}, then steps. */
public final class Stepper implements AutoCloseable {
    private final Network network;
    private final Trainable trainable;
    private final GradientPass pass;
    private final AdamW optimizer;
    private final Scope scope;
    private final int steps;
    private final TrainingListener listener;
    private final List<StepRecord> records = new ArrayList<>();
    private boolean proven;

    /**
     * A fresh optimizer.
     *
     * @param scope owns what the optimizer remembers; closed with this
     * @param steps in all, for the listener
     */
    public Stepper(
            Network network,
            Scope scope,
            Trainable trainable,
            Hyperparameters settings,
            int steps,
            TrainingListener listener) {
        this.network = network;
        this.scope = scope;
        this.trainable = trainable;
        this.pass = new GradientPass(network, trainable, settings.microBatchTokens());
        this.optimizer = new AdamW(network, scope, trainable, settings);
        this.steps = steps;
        this.listener = listener;
    }

    /** Where the step's gradients are gathered. */
    public GradientPass pass() {
        return pass;
    }

    /** Number of the step that is being made, from 1. */
    public int current() {
        return records.size() + 1;
    }

    /** What happened so far. */
    public List<StepRecord> records() {
        return records;
    }

    /**
     * Steps with the gradients gathered.
     *
     * @param draft of this step, without its gradient norm
     * @throws TrainerException {@code DIVERGED} where loss or gradient is no number
     */
    public void step(StepRecord draft) {
        checkFinite("loss", draft.loss());
        checkFinite("divergence", draft.divergence());
        double norm = optimizer.gradientNorm();
        checkFinite("gradient", norm);
        proveThatEveryLayerLearns();
        optimizer.step(draft.learningRate(), norm);
        record(draft.withGradientNorm(norm));
    }

    /** Notes a step that was not made because all of its samples were gated. */
    public void skip(StepRecord draft) {
        record(draft);
    }

    private void record(StepRecord done) {
        records.add(done);
        listener.stepped(done, steps, pass.tokens());
    }

    private void checkFinite(String what, @org.jspecify.annotations.Nullable Double value) {
        if (value != null && !Double.isFinite(value)) {
            throw new TrainerException(
                    Fault.DIVERGED,
                    "the " + what + " is " + value + " at step " + current() + " of " + steps
                            + "; a lower learning rate may help");
        }
    }

    /** A layer whose B has no gradient at the first step is not connected: the whole run would be for nothing. */
    private void proveThatEveryLayerLearns() {
        Adapter adapter = trainable.adapter();
        if (proven || adapter == null) {
            return;
        }
        proven = true;
        try (Scope local = new Scope()) {
            List<Tensor> gradients = trainable.gradients().views();
            float[] norms =
                    network.script().call(local, "norms", gradients).getFirst().floats();
            for (int i = 0; i < adapter.layers().size(); i++) {
                if (!(norms[2 * i + 1] > 0)) {
                    throw new TrainerException(
                            Fault.INTERNAL,
                            "no gradient reaches the adapter of "
                                    + adapter.layers().get(i).module());
                }
            }
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
