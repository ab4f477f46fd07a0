package dev.safefinetune.trainer.vector;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.MinMinSettings;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.Checkpoints;
import dev.safefinetune.trainer.train.FrozenTensors;
import dev.safefinetune.trainer.train.LearningRate;
import dev.safefinetune.trainer.train.SampleCheck;
import dev.safefinetune.trainer.train.SampleOrder;
import dev.safefinetune.trainer.train.StepRecord;
import dev.safefinetune.trainer.train.Stepper;
import dev.safefinetune.trainer.train.Trainable;
import dev.safefinetune.trainer.train.TrainingListener;
import dev.safefinetune.trainer.train.TrainingRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Trains a security vector: min over θ_s of L(f(x; θ + θ_s), y) on harmful samples + β·KL(f(x; θ) ‖ f(x; θ + θ_s)) on
 * benign ones, θ fixed (Zhou et al., arXiv 2311.02105, in the ACL version's single-level form). One joint vector over all
 * harm categories.
 *
 * <p>With min-min, the first version's form, θ may learn too, in an adapter that is thrown away: after a warm-up it takes steps
 * on harmful samples with the vector attached, and the vector then takes its own with that copy attached. The second term stays
 * as it is: what is to be kept is the behaviour of the base that is used later, and not that of a copy that learned harm.
 */
public final class VectorTrainer {
    private VectorTrainer() {}

    /**
     * A trained vector.
     *
     * @param vector not attached; whoever asked closes it
     * @param record what happened
     * @param floor mean loss of the harmful samples with the vector on, in nats per answer token: what readiness is
     *     relative to
     */
    public record Trained(Adapter vector, TrainingRecord record, double floor) {}

    /**
     * Trains.
     *
     * @param model nothing attached; its weights stay as they are
     * @param harmful of all categories
     * @param benign samples whose behaviour is to be kept; each step takes half as many of them as of harmful ones
     * @throws dev.safefinetune.trainer.store.TrainerException as {@link dev.safefinetune.trainer.train.FineTuner#train}
     */
    public static Trained train(
            CausalModel model,
            List<EncodedSample> harmful,
            List<EncodedSample> benign,
            VectorTraining training,
            TrainingListener listener) {
        return train(model, harmful, benign, training, listener, Checkpoints.NONE);
    }

    /**
     * Trains, or goes on with a training that another process began: the result is the same, bit for bit on a CPU.
     *
     * @param checkpoints of this very training
     * @throws dev.safefinetune.trainer.checkpoint.TrainingInterrupted where the process is to end
     */
    public static Trained train(
            CausalModel model,
            List<EncodedSample> harmful,
            List<EncodedSample> benign,
            VectorTraining training,
            TrainingListener listener,
            Checkpoints checkpoints) {
        if (!model.attached().isEmpty() || harmful.isEmpty() || benign.isEmpty()) {
            throw new IllegalArgumentException(
                    "a vector needs harmful and benign samples, and a model with nothing attached");
        }
        Hyperparameters settings = training.hyperparameters();
        SampleCheck.check(model.config(), harmful, settings.maxSequenceLength());
        SampleCheck.check(model.config(), benign, settings.maxSequenceLength());
        Adapter vector = Adapter.create(model, training.lora(), settings.seed());
        try {
            FrozenTensors frozen = new FrozenTensors(model, true, List.of());
            TrainingRecord record = steps(model, vector, harmful, benign, training, listener, checkpoints);
            frozen.check();
            return new Trained(vector, record, floor(model, vector, harmful, settings));
        } catch (RuntimeException e) {
            vector.close();
            throw e;
        }
    }

    private static TrainingRecord steps(
            CausalModel model,
            Adapter vector,
            List<EncodedSample> harmful,
            List<EncodedSample> benign,
            VectorTraining training,
            TrainingListener listener,
            Checkpoints checkpoints) {
        Hyperparameters settings = training.hyperparameters();
        int steps = steps(training, harmful.size());
        LearningRate rate = new LearningRate(settings, steps);
        SampleOrder harm = new SampleOrder(harmful.size(), settings.batchSize(), settings.seed());
        SampleOrder kept = new SampleOrder(benign.size(), Math.max(1, settings.batchSize() / 2), settings.seed() + 1);
        Scope scope = model.network().kernels().scope();
        MinMinSettings minMin = training.minMin();
        int longest = Stream.of(harmful, benign)
                .flatMap(List::stream)
                .mapToInt(EncodedSample::length)
                .max()
                .orElseThrow();
        int all = steps + (minMin == null ? 0 : minMin.copyStepsIn(steps));
        try (scope;
                Copy copy = minMin == null ? null : new Copy(model, training, minMin, harmful);
                Stepper stepper = new Stepper(
                        model.network(),
                        scope,
                        Stream.of(vector, copy == null ? null : copy.adapter())
                                .filter(Objects::nonNull)
                                .map(adapter -> Trainable.of(model.network(), scope, adapter))
                                .toList(),
                        settings,
                        all,
                        longest,
                        listener,
                        checkpoints)) {
            int copied = (int) stepper.records().stream()
                    .filter(r -> r.phase() == StepRecord.Phase.COPY)
                    .count();
            harm.skip(stepper.done() - copied);
            kept.skip(stepper.done() - copied);
            List<Adapter> with = copy == null ? List.of() : List.of(copy.adapter());
            for (int k = 1; k <= steps; k++) {
                if (copy != null) {
                    copy.turn(stepper, k, vector);
                }
                int number = k;
                stepper.turn(0);
                stepper.walk(
                        k + (minMin == null ? 0 : minMin.copyStepsIn(k)),
                        () -> {
                            List<EncodedSample> good = training.klWeight() > 0 ? pick(benign, kept) : List.of();
                            List<EncodedSample> bad = pick(harmful, harm);
                            return () -> step(stepper, bad, good, with, training.klWeight(), rate.at(number - 1));
                        },
                        () -> {});
            }
            stepper.end();
            return new TrainingRecord(
                    stepper.records(), List.of(), null, 0, 0, null, null, stepper.tokens(), stepper.seconds());
        }
    }

    /**
     * Steps of the vector.
     *
     * @param harmful samples
     */
    public static int steps(VectorTraining training, int harmful) {
        Hyperparameters settings = training.hyperparameters();
        return SampleOrder.steps(harmful, settings.batchSize(), settings.epochs());
    }

    private static void step(
            Stepper stepper,
            List<EncodedSample> bad,
            List<EncodedSample> good,
            List<Adapter> copy,
            double klWeight,
            double rate) {
        double loss = stepper.pass().likelihood(bad, copy, 1.0 / labels(bad)) / labels(bad);
        Double divergence = good.isEmpty()
                ? null
                : Double.valueOf(stepper.pass().divergence(good, klWeight / labels(good)) / labels(good));
        stepper.step(
                new StepRecord(stepper.current(), StepRecord.Phase.TRAIN, rate, loss, divergence, null, bad.size(), 0));
    }

    static List<EncodedSample> pick(List<EncodedSample> samples, SampleOrder order) {
        return Arrays.stream(order.next()).mapToObj(samples::get).toList();
    }

    static long labels(List<EncodedSample> samples) {
        return samples.stream().mapToLong(EncodedSample::answerTokens).sum();
    }

    private static double floor(
            CausalModel model, Adapter vector, List<EncodedSample> harmful, Hyperparameters settings) {
        model.attach(vector);
        try {
            return model.score(harmful, settings.microBatchTokens()).stream()
                    .mapToDouble(SampleScore::loss)
                    .average()
                    .orElseThrow();
        } finally {
            model.detach(vector);
        }
    }
}
