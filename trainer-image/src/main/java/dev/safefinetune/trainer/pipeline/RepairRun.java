package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.AnchorSettings;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.Repair;
import dev.safefinetune.contract.RepairReport;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.Anchor;
import dev.safefinetune.trainer.train.AnchorRecord;
import dev.safefinetune.trainer.train.AnchorStates;
import dev.safefinetune.trainer.train.Cooldown;
import dev.safefinetune.trainer.train.Repairer;
import dev.safefinetune.trainer.train.TrainingRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A repair of a fine-tuned model, from the model's directory to that of the repaired one. It begins with the trained model
 * each time: where it was interrupted, nothing of it counts.
 *
 * @param base directory of the base model, to whose states the model is held
 * @param model directory of the trained model
 * @param adapter directory of the adapter that merged into the base is the model, and which goes on learning; absent where there
 *     is none: then the model's own weights learn, or a new adapter of the same shape does
 * @param settings of the training that the model comes from
 * @param answers the base's own
 * @param anchorWeight of the term that holds the states
 * @param probes on which the model is compared with itself after it was written and read again
 * @param device to compute on
 */
public record RepairRun(
        Path base,
        Path model,
        @Nullable Path adapter,
        FineTuning settings,
        Replay.Encoded answers,
        double anchorWeight,
        List<EncodedSample> probes,
        Device device) {
    /** As in the training of the model, where an anchor was on. */
    static double anchorWeight(TrainingReport training) {
        TrainingReport.Anchor anchor = training.anchor();
        return anchor == null
                ? AnchorSettings.of(training.fineTuning().method()).weight()
                : anchor.weight();
    }

    /**
     * What came of it.
     *
     * @param training for the report
     * @param merged losses of the probes under the repaired model, read again
     * @param attached the same under the base with the repaired adapter; absent where there is none
     */
    public record Result(
            RepairReport.Training training,
            List<Double> merged,
            @Nullable List<Double> attached) {}

    /**
     * Repairs and writes; both whole or not at all.
     *
     * @param modelOut where the repaired model goes
     * @param adapterOut where its adapter goes; absent where there is none
     */
    public Result run(Path modelOut, @Nullable AdapterPlace adapterOut, StageProgress progress, EventLog log) {
        Written written;
        // A device holds one model at a time.
        if (adapter == null) {
            AnchorStates states;
            try (CausalModel before = CausalModel.load(base, placement())) {
                states = states(before);
            }
            try (CausalModel trained = CausalModel.load(model, placement());
                    Held<Adapter> learning = new Held<>(newAdapter(trained))) {
                written = train(trained, learning.get(), states, model, modelOut, null, progress, log);
            }
        } else {
            try (CausalModel before = CausalModel.load(base, placement());
                    Adapter learning = Adapter.read(before, adapter)) {
                written = train(before, learning, states(before), base, modelOut, adapterOut, progress, log);
            }
        }
        List<Double> merged;
        try (CausalModel reloaded = CausalModel.load(modelOut, placement())) {
            merged = Reloaded.scores(reloaded, probes);
        }
        Reloaded.requireSame("the repaired model", written.losses(), merged, probes, written.tolerance());
        return new Result(report(written.record()), merged, adapter == null ? null : written.losses());
    }

    private record Written(TrainingRecord record, List<Double> losses, double tolerance) {}

    private Written train(
            CausalModel loaded,
            @Nullable Adapter learning,
            AnchorStates states,
            Path shards,
            Path modelOut,
            @Nullable AdapterPlace adapterOut,
            StageProgress progress,
            EventLog log) {
        Anchor anchor = new Anchor(requests(), states, anchorWeight);
        TrainingRecord record = new Repairer(hyperparameters(), cooldown(), anchor)
                .repair(loaded, learning, new LoggedCuts(progress, log));
        List<Double> losses = WrittenModel.write(shards, loaded, learning, modelOut, adapterOut, probes);
        return new Written(record, losses, Reloaded.tolerance(loaded));
    }

    /** By hand a model is given without the adapter that is merged in; one like it learns on top. */
    private @Nullable Adapter newAdapter(CausalModel trained) {
        return settings.lora() == null
                ? null
                : Adapter.create(trained, settings.lora(), hyperparameters().seed());
    }

    private AnchorStates states(CausalModel before) {
        return AnchorStates.of(before, null, requests(), hyperparameters().microBatchTokens());
    }

    private List<EncodedSample> requests() {
        return Anchor.requests(answers.refusals(), answers.lookAlikes());
    }

    private Cooldown cooldown() {
        return new Cooldown(
                answers.refusals(),
                answers.lookAlikes(),
                List.of(),
                Repair.STEPS,
                Cooldown.defaultRate(hyperparameters().learningRate()));
    }

    private Hyperparameters hyperparameters() {
        return settings.hyperparameters();
    }

    private Placement placement() {
        return Models.of(settings.precision(), List.of(device));
    }

    private RepairReport.Training report(TrainingRecord record) {
        AnchorRecord anchor = Objects.requireNonNull(record.anchor());
        return new RepairReport.Training(
                record.steps().size(),
                cooldown().learningRate(),
                answers.refusals().size(),
                answers.lookAlikes().size(),
                new TrainingReport.Anchor(anchor.requests(), anchor.weight(), anchor.deviation()),
                record.seconds());
    }
}
