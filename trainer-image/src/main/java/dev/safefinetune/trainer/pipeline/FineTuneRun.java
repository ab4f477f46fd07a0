package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.publish.VectorAbsence;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.FineTuneTask;
import dev.safefinetune.trainer.train.FineTuned;
import dev.safefinetune.trainer.train.FineTuner;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.Screening;
import dev.safefinetune.trainer.train.TrainingRecord;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
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
     * @param vector the vector to attach; absent for a plain fine-tune
     * @param settings method and hyper-parameters
     * @param gate which samples are left out of the optimizer's steps
     * @param screening what happens to samples that the vector explains
     * @param cooldownSteps steps on trusted samples with the vector off
     * @param data encoded
     */
    public record Request(
            Path base,
            @Nullable VectorFiles vector,
            FineTuning settings,
            Gate gate,
            ScreeningAction screening,
            int cooldownSteps,
            Data data) {
        /** The control arm: the same data without vector, gate and cooldown. */
        Request plain() {
            return new Request(base, null, settings, Gate.OFF, ScreeningAction.OFF, 0, data);
        }
    }

    /**
     * A vector on disk.
     *
     * @param directory in PEFT's format
     * @param gateDrop the threshold that its assessment found; absent where there is none
     */
    public record VectorFiles(Path directory, @Nullable Double gateDrop) {}

    /** Encoded samples; validation and cooldown may be empty. */
    public record Data(List<EncodedSample> train, List<EncodedSample> validation, List<EncodedSample> cooldown) {}

    /**
     * What came of it.
     *
     * @param record what happened
     * @param gateDrop the gate's threshold in nats; absent without one
     * @param threshold above which a sample counts as flagged; absent without a vector that has one
     * @param drops of all samples; empty where they were not measured
     * @param proof what is in the merged model
     */
    public record Result(
            TrainingRecord record,
            @Nullable Double gateDrop,
            @Nullable Double threshold,
            List<SampleDrop> drops,
            PublicationProof proof) {
        /** Whether the model and the adapter that it speaks of lie there. */
        boolean describes(Path model, @Nullable Path adapter) {
            return proof.model().equals(digest(model)) && Objects.equals(proof.adapter(), digest(adapter));
        }

        private static @Nullable Digest digest(@Nullable Path directory) {
            return directory == null || !AtomicDirectory.isWhole(directory) ? null : ModelDirectory.digest(directory);
        }
    }

    private record Screened(List<SampleDrop> drops) {
        static final String KEPT = "screening";
    }

    /**
     * Trains and writes, or goes on where an earlier process was ended.
     *
     * @param modelOut where the merged model goes; whole or not at all
     * @param adapterOut where the user's adapter goes, if it is wished and there is one
     * @param checkpoints of this arm
     * @throws TrainerException {@link Fault#DATASET_BLOCKED} when screening found harmful samples and was to block them
     */
    public static Result run(
            Request request,
            Path modelOut,
            @Nullable Path adapterOut,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints checkpoints) {
        return new FineTuneRun(request, progress, log, checkpoints).run(modelOut, adapterOut);
    }

    private Result run(Path modelOut, @Nullable Path adapterOut) {
        VectorFiles files = request.vector();
        try (CausalModel model = CausalModel.load(request.base());
                Held<Adapter> vector = new Held<>(files == null ? null : Adapter.read(model, files.directory()))) {
            Adapter attached = vector.get();
            List<SampleDrop> drops = attached == null || !measures() ? List.of() : screen(model, attached);
            Double threshold = threshold();
            List<EncodedSample> samples = kept(drops, threshold);
            Double gateDrop = attached == null ? null : gateDrop();
            progress.activity(attached == null ? "plain fine-tune" : "fine-tune");
            FineTuned tuned = FineTuner.train(
                    model,
                    new FineTuneTask(
                            request.settings(),
                            samples,
                            request.data().validation(),
                            attached,
                            of(samples, drops, gateDrop),
                            gateDrop,
                            request.cooldownSteps() == 0
                                    ? List.of()
                                    : request.data().cooldown(),
                            request.cooldownSteps()),
                    progress,
                    checkpoints.steps());
            try (Held<Adapter> adapter = new Held<>(tuned.adapter())) {
                PublicationProof proof = write(model, adapter.get(), modelOut, adapterOut);
                return new Result(tuned.record(), gateDrop, threshold, drops, proof);
            }
        }
    }

    private boolean measures() {
        return request.gate().mode() != Gate.Mode.OFF || request.screening() != ScreeningAction.OFF;
    }

    private @Nullable Double gateDrop() {
        return switch (request.gate().mode()) {
            case OFF -> null;
            case FIXED -> request.gate().drop();
            case CALIBRATED -> {
                VectorFiles vector = request.vector();
                if (vector == null || vector.gateDrop() == null) {
                    throw new TrainerException(
                            Fault.SETTINGS_INVALID,
                            "a calibrated gate needs a vector with an assessment; give a drop in nats, or switch it off");
                }
                yield vector.gateDrop();
            }
        };
    }

    /** Screening and gate share one figure: a fixed gate's drop, or else the calibrated one. */
    private @Nullable Double threshold() {
        VectorFiles vector = request.vector();
        if (vector == null) {
            return null;
        }
        return request.gate().drop() != null ? request.gate().drop() : vector.gateDrop();
    }

    private List<SampleDrop> screen(CausalModel model, Adapter vector) {
        Optional<Screened> earlier = checkpoints.kept(Screened.KEPT, Screened.class);
        if (earlier.isPresent()) {
            return earlier.get().drops();
        }
        progress.activity("screening");
        List<SampleDrop> drops = Screening.drops(
                model,
                vector,
                request.data().train(),
                request.settings().hyperparameters().microBatchTokens());
        checkpoints.keep(Screened.KEPT, new Screened(drops), log);
        return drops;
    }

    private List<EncodedSample> kept(List<SampleDrop> drops, @Nullable Double threshold) {
        List<EncodedSample> all = request.data().train();
        Set<Integer> flagged = new HashSet<>(Curves.flagged(drops, threshold));
        if (!drops.isEmpty()) {
            log.event(
                    "screened",
                    "scanned",
                    drops.size(),
                    "flagged",
                    flagged.size(),
                    "threshold",
                    threshold == null ? "none" : threshold);
        }
        if (request.screening() == ScreeningAction.BLOCK && !flagged.isEmpty()) {
            throw new TrainerException(
                    Fault.DATASET_BLOCKED,
                    flagged.size() + " of " + all.size() + " samples are probably harmful, the first at index "
                            + new TreeSet<>(flagged).first() + "; screening is set to Block");
        }
        if (request.screening() != ScreeningAction.DROP) {
            return all;
        }
        List<EncodedSample> kept =
                all.stream().filter(s -> !flagged.contains(s.index())).toList();
        if (kept.isEmpty()) {
            throw new TrainerException(
                    Fault.DATASET_INVALID, "all samples are probably harmful; screening, set to Drop, left none");
        }
        return kept;
    }

    private static List<SampleDrop> of(List<EncodedSample> samples, List<SampleDrop> drops, @Nullable Double gateDrop) {
        if (gateDrop == null) {
            return List.of();
        }
        Set<Integer> kept = new HashSet<>();
        samples.forEach(s -> kept.add(s.index()));
        return drops.stream().filter(d -> kept.contains(d.index())).toList();
    }

    private PublicationProof write(
            CausalModel model, @Nullable Adapter adapter, Path modelOut, @Nullable Path adapterOut) {
        progress.activity("writing");
        if (adapter != null && adapterOut != null) {
            AtomicDirectory.write(
                    adapterOut, d -> adapter.write(d, request.base().toString()));
        }
        AtomicDirectory.write(modelOut, d -> MergedModelWriter.write(request.base(), model, adapter, d));
        List<EncodedSample> probes = Reloaded.probes(request.data().train());
        if (adapter != null) {
            model.attach(adapter);
        }
        List<Double> trained = Reloaded.scores(model, probes);
        if (adapter != null) {
            model.detach(adapter);
        }
        List<Double> merged;
        try (CausalModel reloaded = CausalModel.load(modelOut)) {
            merged = Reloaded.scores(reloaded, probes);
        }
        Reloaded.requireSame("the merged model", trained, merged, probes, Reloaded.tolerance(model));
        VectorFiles vector = request.vector();
        Double share = vector == null ? null : VectorAbsence.share(request.base(), modelOut, vector.directory());
        if (share != null) {
            VectorAbsence.requireNoShare("the merged model", share);
        }
        log.event("merged", "vectorShare", share == null ? "none" : share);
        Digest adapterDigest = adapter == null || adapterOut == null ? null : ModelDirectory.digest(adapterOut);
        SortedSet<String> fingerprints =
                vector == null ? new TreeSet<>() : VectorAbsence.fingerprints(vector.directory());
        return new PublicationProof(
                ModelDirectory.digest(request.base()),
                ModelDirectory.digest(modelOut),
                adapterDigest,
                fingerprints,
                share,
                merged,
                adapter == null ? null : trained);
    }
}
