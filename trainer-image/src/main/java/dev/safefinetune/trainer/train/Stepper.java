package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tensor.Threads;
import java.util.ArrayList;
import java.util.List;

/**
 * Optimizer steps, their record and their clock. The caller gathers gradients through {@link #pass}, then steps. Where an
 * earlier process left a checkpoint, it stands where that process stood.
 */
public final class Stepper {
    private final Network network;
    private final Trainable trainable;
    private final GradientPass pass;
    private final AdamW optimizer;
    private final int steps;
    private final TrainingListener listener;
    private final Checkpoints checkpoints;
    private final List<Checkpoints.Memory> memory = new ArrayList<>();
    private final List<StepRecord> records = new ArrayList<>();
    private final List<ProbeRecord> probes = new ArrayList<>();
    private boolean resumed;
    private boolean proven;
    private long earlierTokens;
    private long tokens;
    private long nanos;

    /**
     * A fresh optimizer, or one that goes on.
     *
     * @param scope owns what the optimizer remembers
     * @param steps in all, for the listener
     * @param checkpoints where the state is kept
     */
    public Stepper(
            Network network,
            Scope scope,
            Trainable trainable,
            Hyperparameters settings,
            int steps,
            TrainingListener listener,
            Checkpoints checkpoints) {
        this.network = network;
        this.trainable = trainable;
        this.checkpoints = checkpoints;
        this.pass = new GradientPass(
                network, trainable, settings.microBatchTokens(), ActivationMemory.most(), checkpoints::isEndWished);
        this.optimizer = new AdamW(network, scope, trainable, settings);
        this.steps = steps;
        this.listener = listener;
        memory.add(Checkpoints.Memory.of(
                network.script(), "parameters", trainable.values().flat()));
        memory.addAll(optimizer.memory());
        checkpoints.begin(memory).ifPresent(this::resume);
    }

    private void resume(TrainingState state) {
        resumed = true;
        records.addAll(state.steps());
        probes.addAll(state.probes());
        earlierTokens = state.tokens();
        tokens = state.tokens();
        nanos = state.nanos();
        proven = records.stream().anyMatch(r -> r.gradientNorm() != null);
        listener.resumed(records.size(), steps, tokens);
    }

    private TrainingState state() {
        return new TrainingState(steps, records, probes, tokens, nanos, Threads.number());
    }

    /** Whether it goes on where an earlier process was ended. */
    public boolean isResumed() {
        return resumed;
    }

    /**
     * Makes the steps that are missing up to so many in all.
     *
     * @param step makes exactly one, by {@link #step} or {@link #skip}
     * @param after what follows each of them and is not part of the time that steps take
     * @throws TrainingInterrupted where the process is to end; a step that was begun is then given up, since values and
     *     moments are still those of the step before it
     */
    public void walk(int until, Runnable step, Runnable after) {
        while (records.size() < until) {
            long start = System.nanoTime();
            try {
                step.run();
            } catch (TrainingInterrupted e) {
                checkpoints.reached(this::state, memory);
                throw e;
            }
            nanos += System.nanoTime() - start;
            tokens = earlierTokens + pass.tokens();
            after.run();
            checkpoints.reached(this::state, memory);
        }
    }

    /** Says that the last step was made. */
    public void end() {
        checkpoints.ended(this::state, memory);
    }

    /** Where the step's gradients are gathered. */
    public GradientPass pass() {
        return pass;
    }

    /** Number of the step that is being made, from 1. */
    public int current() {
        return records.size() + 1;
    }

    /** Steps made. */
    public int done() {
        return records.size();
    }

    /** Every step so far. */
    public List<StepRecord> records() {
        return records;
    }

    /** Every probe so far. */
    public List<ProbeRecord> probes() {
        return probes;
    }

    /** Tokens through the model in the steps so far. */
    public long tokens() {
        return tokens;
    }

    /** Time of the steps so far, in seconds. */
    public double seconds() {
        return nanos / 1e9;
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
        listener.stepped(done, steps, earlierTokens + pass.tokens());
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
}
