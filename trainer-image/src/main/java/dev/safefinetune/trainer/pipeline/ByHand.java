package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetWriter;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.train.GateThresholds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The steps of a run without a run: for the commands that people type. */
public final class ByHand {
    /** What happened in training, beside a result. */
    public static final String TRAINING = "training.json";

    private ByHand() {}

    /**
     * A vector and what lies beside it.
     *
     * @param files the adapter and its thresholds
     * @param replays the base's own answers, of each vector; empty where there are none
     */
    public record Vector(VectorFiles files, List<Replay> replays) {
        public Vector {
            replays = List.copyOf(replays);
        }

        /** The base's own answers in tokens. */
        public Replay.Encoded encode(ChatTokenizer tokenizer, int limit) {
            return Replay.encode(replays, tokenizer, limit);
        }
    }

    /**
     * A vector on disk that may be used.
     *
     * @param base directory of the model that it is to be attached to
     * @param wanted the digest that {@link #store} gave for it; absent where the vector's own manifest is trusted
     * @throws TrainerException {@link Fault#VECTOR_MISMATCH} where it was made for another base, was changed, is another than
     *     was asked for, or has not passed its assessment
     */
    public static Vector vector(Path directory, Path base, @Nullable Digest wanted) {
        if (wanted != null) {
            StoredVector.requireWhole(directory, wanted);
        }
        Readiness readiness =
                StoredVector.open(directory, ModelDirectory.digest(base)).readiness();
        Double drop = readiness.gateDrop();
        Double share = readiness.gateShare();
        Readiness.Replay replay = readiness.replay();
        if (drop == null || share == null || replay == null) {
            throw new TrainerException(
                    Fault.VECTOR_MISMATCH,
                    "vector " + directory + " was assessed by an earlier release: its " + VectorCard.FILE + " has no "
                            + (replay == null ? "replay" : "gateShare") + "; train it again");
        }
        return new Vector(
                new VectorFiles(directory, new GateThresholds(drop, share), readiness.tokenGate()),
                List.of(Replay.take(directory, directory.toString(), replay.digest())));
    }

    /**
     * Whether a vector on disk, which may be used on a base, has proved a suite.
     *
     * @param prompts the suite's requests
     */
    public static boolean proved(Path directory, Path base, Dataset prompts) {
        Digest digest = DatasetWriter.digest(prompts.samples());
        return StoredVector.open(directory, ModelDirectory.digest(base)).readiness().provenSuites().stream()
                .anyMatch(suite -> suite.prompts().equals(digest));
    }

    /**
     * The control of an experiment: a vector that nothing is known of, such as a random one.
     *
     * @throws TrainerException {@link Fault#VECTOR_MISMATCH} for one with a card, which {@link #vector} is asked about, and for
     *     one whose card was taken away
     */
    public static Vector controlVector(Path directory) {
        StoredVector.requireAdapter(directory);
        if (Files.exists(directory.resolve(VectorCard.FILE))) {
            throw new TrainerException(
                    Fault.VECTOR_MISMATCH,
                    "vector " + directory + " has a " + VectorCard.FILE + " and is no control; give it with --vector");
        }
        StoredVector.requireFiles(directory);
        return new Vector(new VectorFiles(directory, null, null), List.of());
    }

    /**
     * Checks, before anything is trained, that {@link #fineTune} could write its result.
     *
     * @throws TrainerException {@link Fault#OUTPUT_NOT_WRITABLE} saying why not
     */
    public static void checkOutput(Path out) {
        Destination.MADE_BY_HAND.check(out);
    }

    /**
     * Checks, before anything is trained, that {@link #store} could write a vector.
     *
     * @throws TrainerException {@link Fault#OUTPUT_NOT_WRITABLE} saying why not
     */
    public static void checkStorage(Path out) {
        Destination.VECTOR.check(out);
    }

    /** Trains one arm and writes the model or the adapter with the record of its training; whole or not at all. */
    public static void fineTune(
            FineTuneRun.Request request,
            PublishedContent content,
            Path out,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints checkpoints) {
        inWorkDirectory(out, work -> {
            Path model = work.resolve("model");
            Path adapter = work.resolve("adapter");
            FineTuneRun.Result result = FineTuneRun.run(
                    request, model, new AdapterPlace(adapter, request.base().toString()), progress, log, checkpoints);
            TrainingReport report = Curves.report(request, result, null);
            Destination.MADE_BY_HAND.write(
                    out,
                    directory -> {
                        ModelDirectory.copy(content == PublishedContent.MERGED ? model : adapter, directory);
                        DurableFiles.write(directory.resolve(TRAINING), ContractJson.write(report));
                    },
                    manifest -> {});
            log.event(
                    "written",
                    "out",
                    out,
                    "steps",
                    result.record().steps().size(),
                    "loss",
                    result.record().lastLoss(),
                    "seconds",
                    result.record().seconds(),
                    "gated",
                    result.record().gatedSamples(),
                    "peakBytes",
                    ProcessMemory.peakBytes());
        });
    }

    /**
     * Writes a vector with what is known of it; whole or not at all.
     *
     * @return digest of all that was written, the card too
     */
    public static Digest store(Path vector, Path replay, VectorCard card, Path out) {
        VectorStages.store(vector, replay, card, out);
        return StoredVector.whole(out);
    }

    /** A hidden directory beside the result, which is removed afterwards, with those that killed processes left. */
    public static void inWorkDirectory(Path out, Consumer<Path> work) {
        Path parent = Objects.requireNonNull(out.toAbsolutePath().normalize().getParent());
        Path directory;
        try {
            Files.createDirectories(parent);
            String prefix = "." + out.getFileName() + ".work-";
            try (Stream<Path> left = Files.list(parent)) {
                left.filter(p -> String.valueOf(p.getFileName()).startsWith(prefix))
                        .toList()
                        .forEach(DurableFiles::deleteTree);
            }
            directory = Files.createTempDirectory(parent, prefix);
        } catch (IOException e) {
            throw TrainerException.storage("create a directory in", parent, e);
        }
        try {
            work.accept(directory);
        } finally {
            DurableFiles.deleteTree(directory);
        }
    }
}
