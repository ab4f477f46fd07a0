package dev.safefinetune.trainer.vector;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.MinMinSettings;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.SampleOrder;
import dev.safefinetune.trainer.train.StepRecord;
import dev.safefinetune.trainer.train.Stepper;
import java.util.List;

/**
 * The throw-away copy of the model in min-min: an adapter on the base that learns the harmful samples as a user's run would, with
 * the vector attached. Nobody writes it, but into a checkpoint of its training.
 */
final class Copy implements AutoCloseable {
    private final MinMinSettings settings;
    private final List<EncodedSample> harmful;
    private final Adapter adapter;
    private final SampleOrder order;

    Copy(CausalModel model, VectorTraining training, MinMinSettings settings, List<EncodedSample> harmful) {
        Hyperparameters hyperparameters = training.hyperparameters();
        this.settings = settings;
        this.harmful = harmful;
        // Another seed than the vector's: two adapters that begin alike would learn alike.
        this.adapter = Adapter.create(model, training.lora(), hyperparameters.seed() + 1);
        this.order = new SampleOrder(harmful.size(), hyperparameters.batchSize(), hyperparameters.seed() + 2);
    }

    Adapter adapter() {
        return adapter;
    }

    /** Takes the steps before a step of the vector, as far as an earlier process has not. */
    void turn(Stepper stepper, int vectorStep, Adapter vector) {
        int steps = settings.copyStepsBefore(vectorStep);
        int until = vectorStep - 1 + settings.copyStepsIn(vectorStep);
        order.skip(Math.clamp((long) stepper.done() - (until - steps), 0, steps));
        stepper.turn(1);
        stepper.walk(
                until,
                () -> {
                    List<EncodedSample> samples = VectorTrainer.pick(harmful, order);
                    return () -> step(stepper, samples, vector);
                },
                () -> {});
    }

    private void step(Stepper stepper, List<EncodedSample> samples, Adapter vector) {
        long labels = VectorTrainer.labels(samples);
        double loss = stepper.pass().likelihood(samples, List.of(vector), 1.0 / labels) / labels;
        stepper.step(new StepRecord(
                stepper.current(),
                StepRecord.Phase.COPY,
                settings.copyLearningRate(),
                loss,
                null,
                null,
                samples.size(),
                0));
    }

    @Override
    public void close() {
        adapter.close();
    }
}
