package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings a fine-tuned model back to what its base refuses: a few steps with a fresh optimizer and no vector, on the base's own
 * answers, held by an anchor.
 */
public final class Repairer {
    private final Hyperparameters settings;
    private final Cooldown answers;
    private final Anchor anchor;

    /**
     * @param settings of the training that the model comes from: sizes of batches, the optimizer's constants, and the seed
     * @param answers what is trained on, and how long
     * @param anchor at the base's states
     */
    public Repairer(Hyperparameters settings, Cooldown answers, Anchor anchor) {
        this.settings = settings;
        this.answers = answers;
        this.anchor = anchor;
    }

    /**
     * Repairs. Nothing is saved on the way: the same model and the same settings give the same result again.
     *
     * @param model nothing attached
     * @param adapter of the model, which learns; absent where the model's own weights do, which then become private copies
     * @throws dev.safefinetune.trainer.store.TrainerException {@code DIVERGED} where the loss was no number
     */
    public TrainingRecord repair(CausalModel model, @Nullable Adapter adapter, TrainingListener listener) {
        List<EncodedSample> samples = Stream.concat(answers.samples().stream(), anchor.requests().stream())
                .toList();
        SampleCheck.check(model.config(), samples, settings.maxSequenceLength());
        FrozenTensors before = new FrozenTensors(model, adapter != null, List.of());
        int longest = samples.stream().mapToInt(EncodedSample::length).max().orElse(1);
        Scope scope = model.network().kernels().scope();
        Trainable trainable = adapter == null
                ? Trainable.ofWeights(model.network(), scope)
                : Trainable.of(model.network(), scope, adapter);
        try (scope;
                Stepper stepper = new Stepper(
                        model.network(),
                        scope,
                        trainable,
                        settings,
                        answers.steps(),
                        longest,
                        listener,
                        Checkpoints.NONE)) {
            walk(stepper);
            before.check();
            return new TrainingRecord(
                    stepper.records(),
                    List.of(),
                    null,
                    0,
                    0,
                    null,
                    anchor.record(model, adapter, settings.microBatchTokens()),
                    stepper.tokens(),
                    stepper.seconds());
        }
    }

    private void walk(Stepper stepper) {
        CooldownOrder order = new CooldownOrder(answers, settings.batchSize(), settings.seed() + 1);
        SampleOrder held = anchor.order(settings.seed() + 2);
        double scale = anchor.scale();
        stepper.walk(
                answers.steps(),
                () -> {
                    List<EncodedSample> next = order.next();
                    int[] requests = held.next();
                    return () -> step(stepper, next, requests, scale);
                },
                () -> {});
    }

    private void step(Stepper stepper, List<EncodedSample> samples, int[] held, double scale) {
        long labels = samples.stream().mapToLong(EncodedSample::answerTokens).sum();
        double sum = stepper.pass().likelihood(samples, List.of(), 1.0 / labels);
        anchor.hold(stepper.pass(), held, scale);
        stepper.step(new StepRecord(
                stepper.current(),
                StepRecord.Phase.COOLDOWN,
                answers.learningRate(),
                sum / labels,
                null,
                null,
                samples.size(),
                0));
    }
}
