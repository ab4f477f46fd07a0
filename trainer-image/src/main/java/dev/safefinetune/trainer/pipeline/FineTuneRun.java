package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.AnchorSettings;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.Cooldown;
import dev.safefinetune.trainer.train.FineTuneTask;
import dev.safefinetune.trainer.train.FineTuned;
import dev.safefinetune.trainer.train.FineTuner;
import dev.safefinetune.trainer.train.FrozenVectors;
import dev.safefinetune.trainer.train.GateThresholds;
import dev.safefinetune.trainer.train.Safeguard;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.SampleOrder;
import dev.safefinetune.trainer.train.TokenMask;
import dev.safefinetune.trainer.train.TrainingRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One arm of a fine-tune, from a base model's directory to a merged model's, with the proof of what is in it. */
public final class FineTuneRun {
    private final Request request;
    private final StageProgress progress;
    private final EventLog log;
    private final ArmCheckpoints checkpoints;

    private FineTuneRun(Request request, StageProgress progress, EventLog log, ArmCheckpoints checkpoints) {
        this.checkpoints = checkpoints;
        this.request = request;
        this.progress = progress;
        this.log = log;
    }

    /**
     * What to train.
     *
     * @param base directory of the base model
     * @param vector the vectors to attach; absent for a plain fine-tune
     * @param settings method and hyper-parameters
     * @param devices to train on
     * @param gate which samples are left out of the optimizer's steps
     * @param scope which of the others the vector is on for
     * @param anchor holds the model's states; absent where nothing does
     * @param screening what happens to samples that the vector explains
     * @param cooldown the steps with the vector off at the end
     * @param data encoded
     * @param missed indices of samples that the screening is made to miss, to try what then happens; empty otherwise
     */
    public record Request(
            Path base,
            @Nullable VectorFiles vector,
            FineTuning settings,
            List<Device> devices,
            Gate gate,
            VectorScope scope,
            @Nullable AnchorSettings anchor,
            ScreeningAction screening,
            CooldownSettings cooldown,
            Data data,
            Set<Integer> missed) {
        public Request {
            boolean judged = gate.mode() != Gate.Mode.OFF || screening != ScreeningAction.OFF;
            if (data.format() == DatasetFormat.TEXT && judged) {
                throw new TrainerException(
                        Fault.SETTINGS_INVALID,
                        "a dataset of format Text cannot be judged by gate and screening, which a vector has for answers to"
                                + " requests; switch both off, or write the rows as messages");
            }
        }

        /** The control arm: the same data without vector, gate and cooldown. */
        Request plain() {
            return new Request(
                    base,
                    null,
                    settings,
                    devices,
                    Gate.OFF,
                    VectorScope.ALL_SAMPLES,
                    null,
                    ScreeningAction.OFF,
                    CooldownSettings.NONE,
                    data,
                    Set.of());
        }

        Placement placement() {
            return Models.of(settings.precision(), devices);
        }

        /** Screening and gate share them: a fixed gate's drop, or else the calibrated one; absent where there are none. */
        @Nullable
        GateThresholds thresholds() {
            return vector == null ? null : vector.thresholds(gate.drop());
        }
    }

    /**
     * Encoded samples; all but the first may be empty.
     *
     * @param train the user's
     * @param validation held out of them
     * @param trusted the user's trusted samples for the cooldown
     * @param replay the base's own answers, which lie beside the vector
     * @param format of all but these
     */
    public record Data(
            List<EncodedSample> train,
            List<EncodedSample> validation,
            List<EncodedSample> trusted,
            Replay.Encoded replay,
            DatasetFormat format) {}

    /**
     * What came of it.
     *
     * @param record what happened
     * @param gate the gate's thresholds; absent without one
     * @param thresholds above which a sample counts as flagged; absent without a vector that has them
     * @param drops of all samples; empty where they were not measured
     * @param cooldown what the cooldown trained on; absent without one
     * @param proof what is in the merged model
     * @param marks the flagged tokens of all samples; absent where they were not looked for
     * @param masked what the gate left out of samples; absent where it judged whole ones
     */
    public record Result(
            TrainingRecord record,
            @Nullable GateThresholds gate,
            @Nullable GateThresholds thresholds,
            List<SampleDrop> drops,
            TrainingReport.@Nullable Cooldown cooldown,
            PublicationProof proof,
            @Nullable List<TokenMask> marks,
            TrainingReport.@Nullable Masked masked) {
        /** Whether the model and the adapter that it speaks of lie there. */
        boolean describes(Path model, @Nullable Path adapter) {
            return proof.model().equals(digest(model)) && Objects.equals(proof.adapter(), digest(adapter));
        }

        private static @Nullable Digest digest(@Nullable Path directory) {
            return directory == null || !AtomicDirectory.isWhole(directory) ? null : ModelDirectory.digest(directory);
        }
    }

    /**
     * Trains and writes, or goes on where an earlier process was ended.
     *
     * @param modelOut where the merged model goes; whole or not at all
     * @param adapterOut where the user's adapter goes with the base's tokenizer, if it is wished and there is one
     * @param checkpoints of this arm
     * @throws TrainerException {@link Fault#DATASET_BLOCKED} when screening found harmful samples and was to block them
     */
    public static Result run(
            Request request,
            Path modelOut,
            @Nullable AdapterPlace adapterOut,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints checkpoints) {
        return new FineTuneRun(request, progress, log, checkpoints).run(modelOut, adapterOut);
    }

    private Result run(Path modelOut, @Nullable AdapterPlace adapterOut) {
        Hyperparameters hyperparameters = request.settings().hyperparameters();
        request.cooldown()
                .requireWithin(SampleOrder.steps(
                        request.data().train().size(), hyperparameters.batchSize(), hyperparameters.epochs()));
        List<EncodedSample> probes = Reloaded.probes(request.data().train());
        Written written = train(modelOut, adapterOut, probes);
        // By now the trained model is closed: a device holds one at a time.
        List<Double> merged;
        try (CausalModel reloaded =
                CausalModel.load(modelOut, request.placement().alone())) {
            merged = Reloaded.scores(reloaded, probes);
        }
        Reloaded.requireSame("the merged model", written.trained(), merged, probes, written.tolerance());
        return written.result(proof(modelOut, adapterOut, written, merged));
    }

    /**
     * What was trained and written, before it was read again.
     *
     * @param trained losses of the probes under the trained model
     * @param tolerance most that these may differ from the merged model's
     */
    private record Written(
            FineTuned tuned, ScreenedData data, Cooldown cooldown, List<Double> trained, double tolerance) {
        boolean isAdapter() {
            return tuned.adapter() != null;
        }

        Result result(PublicationProof proof) {
            return new Result(
                    tuned.record(),
                    data.gate(),
                    data.thresholds(),
                    data.drops(),
                    data.mix(cooldown),
                    proof,
                    data.marks(),
                    data.leftOut());
        }
    }

    private Written train(Path modelOut, @Nullable AdapterPlace adapterOut, List<EncodedSample> probes) {
        VectorFiles files = request.vector();
        try (CausalModel model = CausalModel.load(request.base(), request.placement());
                Held<FrozenVectors> vectors = new Held<>(files == null ? null : files.open(model))) {
            FrozenVectors frozen = vectors.get();
            Adapter attached = frozen == null ? null : frozen.together();
            ScreenedData data = ScreenedData.of(model, frozen, request, progress, log, checkpoints);
            Safeguard safeguard =
                    data.safeguard(attached, AnchoredRequests.of(model, request, progress, log, checkpoints));
            Cooldown cooldown = data.cooldown();
            progress.activity(attached == null ? "plain fine-tune" : "fine-tune");
            FineTuned tuned = FineTuner.train(
                    model,
                    new FineTuneTask(
                            request.settings(), data.samples(), request.data().validation(), safeguard, cooldown),
                    new LoggedCuts(progress, log),
                    checkpoints.steps());
            try (Held<Adapter> adapter = new Held<>(tuned.adapter())) {
                progress.activity("writing");
                List<Double> trained =
                        WrittenModel.write(request.base(), model, adapter.get(), modelOut, adapterOut, probes);
                return new Written(tuned, data, cooldown, trained, Reloaded.tolerance(model));
            }
        }
    }

    private PublicationProof proof(
            Path modelOut, @Nullable AdapterPlace adapterOut, Written written, List<Double> merged) {
        PublicationProof proof = PublicationProof.of(
                request,
                modelOut,
                written.isAdapter() && adapterOut != null ? adapterOut.directory() : null,
                merged,
                written.isAdapter() ? written.trained() : null);
        log.event("merged", "vectorShare", proof.vectorShare() == null ? "none" : proof.vectorShare());
        return proof;
    }
}
