package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fine-tunes a model: min over the user's parameters θ of L(f(x; θ + θ_s), y) with the vector θ_s active and frozen (Zhou
 * et al., arXiv 2311.02105, step 2).
 *
 * <p>Only the user's adapter, or with {@code FULL} the model's weights, receive gradients; hashes of all that is frozen
 * are equal before and after, or the run ends. Afterwards nothing is attached to the model.
 */
public final class FineTuner {
    /** A step on doubtful samples alone takes one refusal more for so many of its samples. */
    private static final int SAMPLES_PER_REFUSAL = 6;

    private final CausalModel model;
    private final FineTuneTask task;
    private final Hyperparameters settings;
    private final Stepper stepper;
    private final Probe probe;
    private final GateRule.Treatment[] treatments;
    private final SampleOrder anchored;
    private final double anchorScale;

    private FineTuner(CausalModel model, FineTuneTask task, Stepper stepper, Probe probe) {
        this.model = model;
        this.task = task;
        this.settings = task.settings().hyperparameters();
        this.stepper = stepper;
        this.probe = probe;
        this.treatments = treatments(task);
        Anchor anchor = task.anchor();
        this.anchorScale = anchor == null ? 0 : anchor.scale();
        this.anchored =
                (anchor == null ? new SampleOrder(0, 1, 0) : anchor.order(settings.seed() + 2)).skip(stepper.done());
    }

    private static GateRule.Treatment[] treatments(FineTuneTask task) {
        GateRule.Treatment[] treatments = new GateRule.Treatment[task.samples().size()];
        Safeguard safeguard = task.safeguard();
        if (safeguard == null || safeguard.gate() == null) {
            Arrays.fill(treatments, GateRule.Treatment.VECTOR_ON);
            return treatments;
        }
        GateRule rule = new GateRule(safeguard.gate(), safeguard.scope());
        Arrays.setAll(treatments, i -> rule.of(safeguard.drops().get(i), safeguard.mask(i)));
        return treatments;
    }

    /**
     * Trains.
     *
     * @param model nothing attached. With {@code FULL} its weights become private copies that are changed in place.
     * @throws dev.safefinetune.trainer.store.TrainerException {@code DIVERGED} naming the step where the loss was no number;
     *     {@code SETTINGS_INVALID} for target modules that the model does not have; {@code DATASET_INVALID} for samples
     *     longer than {@code maxSequenceLength} or with token ids that the model does not have
     */
    public static FineTuned train(CausalModel model, FineTuneTask task, TrainingListener listener) {
        return train(model, task, listener, Checkpoints.NONE);
    }

    /**
     * Trains, or goes on with a training that another process began: the result is the same, bit for bit on a CPU.
     *
     * @param checkpoints of this very training
     * @throws dev.safefinetune.trainer.checkpoint.TrainingInterrupted where the process is to end
     */
    public static FineTuned train(
            CausalModel model, FineTuneTask task, TrainingListener listener, Checkpoints checkpoints) {
        if (!model.attached().isEmpty()) {
            throw new IllegalArgumentException("nothing may be attached to a model that is fine-tuned");
        }
        Hyperparameters settings = task.settings().hyperparameters();
        requireOneDevice(model, task);
        for (List<EncodedSample> samples : List.of(task.trained(), task.validation())) {
            SampleCheck.check(model.config(), samples, settings.maxSequenceLength());
        }
        Adapter adapter = adapter(model, task);
        try {
            return new FineTuned(adapter, train(model, task, adapter, listener, checkpoints));
        } catch (RuntimeException e) {
            if (adapter != null) {
                adapter.close();
            }
            throw e;
        }
    }

    private static void requireOneDevice(CausalModel model, FineTuneTask task) {
        int devices = 1 + model.network().replicas().size();
        if (devices > 1 && task.settings().method() == FineTuning.Method.FULL) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "method Full trains on one device, and the run has " + devices
                            + "; ask for one GPU, or use method Lora");
        }
    }

    private static @Nullable Adapter adapter(CausalModel model, FineTuneTask task) {
        LoraSettings lora = task.settings().lora();
        return lora == null
                ? null
                : Adapter.create(model, lora, task.settings().hyperparameters().seed());
    }

    private static TrainingRecord train(
            CausalModel model,
            FineTuneTask task,
            @Nullable Adapter adapter,
            TrainingListener listener,
            Checkpoints checkpoints) {
        boolean full = task.settings().method() == FineTuning.Method.FULL;
        Hyperparameters settings = task.settings().hyperparameters();
        List<Adapter> frozen = task.vector() == null ? List.of() : List.of(task.vector());
        FrozenTensors before = new FrozenTensors(model, !full, frozen);
        Scope scope = model.network().kernels().scope();
        Trainable trainable = adapter == null
                ? Trainable.ofWeights(model.network(), scope)
                : Trainable.of(model.network(), scope, adapter);
        int steps = SampleOrder.steps(task.samples().size(), settings.batchSize(), settings.epochs());
        int all = steps + task.cooldown().steps();
        try (scope;
                Stepper stepper = new Stepper(
                        model.network(), scope, trainable, settings, all, task.longest(), listener, checkpoints)) {
            Probe probe = new Probe(model, task, adapter, steps, stepper.probes()::add);
            FineTuner tuner = new FineTuner(model, task, stepper, probe);
            tuner.train(steps);
            tuner.cool(steps, all);
            stepper.end();
            before.check();
            return tuner.record(adapter);
        }
    }

    private void train(int steps) {
        LearningRate rate = new LearningRate(settings, steps);
        SampleOrder order = new SampleOrder(task.samples().size(), settings.batchSize(), settings.seed())
                .skip(Math.min(stepper.done(), steps));
        if (!stepper.isResumed()) {
            probe.take(0);
        }
        List<EncodedSample> mixedIn = task.mixedIn();
        int share = Math.max(1, settings.batchSize() / SAMPLES_PER_REFUSAL);
        SampleOrder refusals = new SampleOrder(Math.max(1, mixedIn.size()), share, settings.seed() + 1)
                .skip(Math.min(stepper.done(), steps));
        stepper.walk(
                steps,
                () -> {
                    List<EncodedSample> more = mixedIn.isEmpty() ? List.of() : pick(mixedIn, refusals);
                    int[] next = order.next();
                    int[] held = anchored.next();
                    return () -> step(next, more, held, rate.at(stepper.done()));
                },
                () -> probe.take(stepper.done()));
    }

    private static List<EncodedSample> pick(List<EncodedSample> samples, SampleOrder order) {
        return Arrays.stream(order.next()).mapToObj(samples::get).toList();
    }

    private void step(int[] indices, List<EncodedSample> refusals, int[] held, double rate) {
        Map<GateRule.Treatment, List<EncodedSample>> groups = new EnumMap<>(GateRule.Treatment.class);
        for (int i : indices) {
            groups.computeIfAbsent(treatments[i], t -> new ArrayList<>())
                    .add(task.samples().get(i));
        }
        List<EncodedSample> gated = groups.getOrDefault(GateRule.Treatment.GATED, List.of());
        List<EncodedSample> on = groups.getOrDefault(GateRule.Treatment.VECTOR_ON, List.of());
        List<EncodedSample> off = new ArrayList<>(groups.getOrDefault(GateRule.Treatment.VECTOR_OFF, List.of()));
        off.addAll(refusals);
        step(StepRecord.Phase.TRAIN, rate, on, off, held, gated.size());
    }

    private void step(
            StepRecord.Phase phase,
            double rate,
            List<EncodedSample> on,
            List<EncodedSample> off,
            int[] held,
            int gated) {
        int samples = on.size() + off.size() + gated;
        long labels = labels(on) + labels(off);
        if (labels == 0) {
            stepper.skip(new StepRecord(stepper.current(), phase, rate, null, null, null, samples, gated));
            return;
        }
        List<Adapter> vector = task.vector() == null ? List.of() : List.of(task.vector());
        double sum = 0;
        if (!on.isEmpty()) {
            sum += stepper.pass().likelihood(on, vector, 1.0 / labels);
        }
        if (!off.isEmpty()) {
            sum += stepper.pass().likelihood(off, List.of(), 1.0 / labels);
        }
        Anchor anchor = task.anchor();
        if (anchor != null) {
            anchor.hold(stepper.pass(), held, anchorScale);
        }
        stepper.step(new StepRecord(stepper.current(), phase, rate, sum / labels, null, null, samples, gated));
    }

    private static long labels(List<EncodedSample> samples) {
        return samples.stream().mapToLong(EncodedSample::answerTokens).sum();
    }

    private void cool(int steps, int all) {
        if (all == steps) {
            return;
        }
        CooldownOrder order = new CooldownOrder(task.cooldown(), settings.batchSize(), settings.seed() + 1)
                .skip(stepper.done() - steps);
        double rate = task.cooldown().learningRate();
        stepper.walk(
                all,
                () -> {
                    List<EncodedSample> next = order.next();
                    int[] held = anchored.next();
                    return () -> step(StepRecord.Phase.COOLDOWN, rate, List.of(), next, held, 0);
                },
                () -> {});
    }

    private TrainingRecord record(@Nullable Adapter adapter) {
        GateThresholds gate = task.gate();
        return new TrainingRecord(
                stepper.records(),
                stepper.probes(),
                gate == null ? null : gate.drop(),
                count(GateRule.Treatment.GATED),
                count(GateRule.Treatment.VECTOR_OFF),
                validationLoss(adapter),
                anchorRecord(adapter),
                stepper.tokens(),
                stepper.seconds());
    }

    private int count(GateRule.Treatment treatment) {
        return (int) Arrays.stream(treatments).filter(t -> t == treatment).count();
    }

    private @Nullable Double validationLoss(@Nullable Adapter adapter) {
        if (task.validation().isEmpty()) {
            return null;
        }
        if (adapter != null) {
            model.attach(adapter);
        }
        try {
            List<SampleScore> scores = model.score(task.validation(), settings.microBatchTokens());
            double sum = scores.stream().mapToDouble(SampleScore::sumNll).sum();
            return sum / labels(task.validation());
        } finally {
            if (adapter != null) {
                model.detach(adapter);
            }
        }
    }

    private @Nullable AnchorRecord anchorRecord(@Nullable Adapter adapter) {
        Anchor anchor = task.anchor();
        return anchor == null ? null : anchor.record(model, adapter, settings.microBatchTokens());
    }
}
