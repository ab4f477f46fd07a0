package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Gpus;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Optimizer steps, their record and their clock. The caller gathers gradients through {@link #pass}, then steps. Where an
 * earlier process left a checkpoint, it stands where that process stood.
 */
public final class Stepper implements AutoCloseable {
    private final Network network;
    private final Learners learners;
    private final int steps;
    private final int longest;
    private final TrainingListener listener;
    private final Checkpoints checkpoints;
    private final List<Checkpoints.Memory> memory;
    private final List<StepRecord> records = new ArrayList<>();
    private final List<ProbeRecord> probes = new ArrayList<>();
    private boolean resumed;
    private boolean proven;
    private long earlierTokens;
    private long tokens;
    private long nanos;

    /**
     * Of one set of parameters: a fresh optimizer, or one that goes on.
     *
     * @param scope owns what the optimizer remembers
     * @param steps in all, for the listener
     * @param longest tokens of the longest sample
     * @param checkpoints where the state is kept
     */
    public Stepper(
            Network network,
            Scope scope,
            Trainable trainable,
            Hyperparameters settings,
            int steps,
            int longest,
            TrainingListener listener,
            Checkpoints checkpoints) {
        this(network, scope, List.of(trainable), settings, steps, longest, listener, checkpoints);
    }

    /**
     * The same for several sets of parameters, each with an optimizer of its own; each step is one of one of them.
     *
     * @param trainables the first one learns until {@link #turn}
     */
    public Stepper(
            Network network,
            Scope scope,
            List<Trainable> trainables,
            Hyperparameters settings,
            int steps,
            int longest,
            TrainingListener listener,
            Checkpoints checkpoints) {
        this.network = network;
        this.checkpoints = checkpoints;
        this.steps = steps;
        this.longest = longest;
        this.listener = listener;
        int wished = settings.microBatchTokens();
        this.learners = new Learners(network, scope, trainables, settings, checkpoints::isEndWished);
        learners.cut(MemoryBudget.of(network, wished, longest));
        this.memory = learners.memory();
        checkpoints.begin(memory).ifPresent(this::resume);
        listener.cut(pass().budget(), false);
    }

    /** Which parameters learn from the next step on, as they were given. */
    public void turn(int to) {
        learners.turn(to);
    }

    private void resume(TrainingState state) {
        resumed = true;
        learners.valuesChanged();
        if (state.microBatchTokens() > 0) {
            learners.cut(
                    new MemoryBudget(state.microBatchTokens(), pass().budget().keptBytes()));
        }
        records.addAll(state.steps());
        probes.addAll(state.probes());
        earlierTokens = state.tokens();
        tokens = state.tokens();
        nanos = state.nanos();
        proven = records.stream().anyMatch(r -> r.gradientNorm() != null && r.phase() != StepRecord.Phase.COPY);
        listener.resumed(records.size(), steps, tokens);
    }

    private TrainingState state() {
        return new TrainingState(
                steps,
                records,
                probes,
                tokens,
                nanos,
                Threads.number(),
                pass().budget().microBatchTokens());
    }

    /** Whether it goes on where an earlier process was ended. */
    public boolean isResumed() {
        return resumed;
    }

    /**
     * Makes the steps that are missing up to so many in all.
     *
     * @param step prepares a step: what it gives makes exactly one, by {@link #step} or {@link #skip}, and may be tried again
     * @param after what follows each of them and is not part of the time that steps take
     * @throws TrainingInterrupted where the process is to end; a step that was begun is then given up, since values and
     *     moments are still those of the step before it
     */
    public void walk(int until, Supplier<Runnable> step, Runnable after) {
        while (records.size() < until) {
            long start = System.nanoTime();
            try {
                attempt(step.get());
            } catch (TrainingInterrupted e) {
                checkpoints.reached(this::state, memory);
                throw e;
            }
            nanos += System.nanoTime() - start;
            tokens = earlierTokens + learners.tokens();
            after.run();
            checkpoints.reached(this::state, memory);
        }
    }

    /** Where memory runs out, a step is begun anew in smaller parts, which changes the order of sums and nothing else. */
    private void attempt(Runnable step) {
        while (true) {
            try {
                step.run();
                return;
            } catch (TrainerException e) {
                MemoryBudget smaller = e.fault() == Fault.OUT_OF_MEMORY
                        ? pass().budget().smaller(longest).orElse(null)
                        : null;
                if (smaller == null) {
                    throw e;
                }
                pass().forget();
                Gpus.emptyCache();
                learners.cut(smaller);
                listener.cut(smaller, true);
            }
        }
    }

    /** Says that the last step was made. */
    public void end() {
        checkpoints.ended(this::state, memory);
    }

    /** Where the step's gradients are gathered. */
    public GradientPass pass() {
        return learners.learner().pass();
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
        double norm = learners.learner().optimizer().gradientNorm();
        checkFinite("gradient", norm);
        proveThatEveryLayerLearns();
        learners.learner().optimizer().step(draft.learningRate(), norm);
        learners.valuesChanged();
        record(draft.withGradientNorm(norm));
    }

    /** Notes a step that was not made because all of its samples were gated. */
    public void skip(StepRecord draft) {
        record(draft);
    }

    private void record(StepRecord done) {
        records.add(done);
        listener.stepped(done, steps, earlierTokens + learners.tokens());
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
        Trainable trainable = learners.learner().trainable();
        Adapter adapter = trainable.adapter();
        if (proven || adapter == null || !learners.isFirst()) {
            return;
        }
        proven = true;
        float[] norms = network.kernels().norms(trainable.gradients().views());
        for (int i = 0; i < adapter.layers().size(); i++) {
            if (!(norms[2 * i + 1] > 0)) {
                throw new TrainerException(
                        Fault.INTERNAL,
                        "no gradient reaches the adapter of "
                                + adapter.layers().get(i).module());
            }
        }
    }

    @Override
    public void close() {
        learners.close();
    }
}
