package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The steps of a run without a run: for the commands that people type. */
public final class ByHand {
    /** What happened in training, beside a result. */
    public static final String TRAINING = "training.json";

    private ByHand() {}

    /**
     * A vector on disk.
     *
     * @param base directory of the model that it is to be attached to
     * @throws TrainerException {@link Fault#VECTOR_MISMATCH} when it states another base
     */
    public static FineTuneRun.VectorFiles vector(Path directory, Path base) {
        if (!Files.isRegularFile(directory.resolve(ModelDirectory.ADAPTER_WEIGHTS))) {
            throw new TrainerException(
                    Fault.VECTOR_MISMATCH, directory + " is no vector: it has no " + ModelDirectory.ADAPTER_WEIGHTS);
        }
        Path file = directory.resolve(VectorCard.FILE);
        if (!Files.exists(file)) {
            return new FineTuneRun.VectorFiles(directory, null);
        }
        VectorCard card = VectorCard.read(file);
        Digest model = ModelDirectory.digest(base);
        if (!card.base().equals(model)) {
            throw new TrainerException(
                    Fault.VECTOR_MISMATCH,
                    "vector " + directory + " was trained for the base model " + card.base() + ", " + base + " is "
                            + model);
        }
        if (!card.vector().equals(ModelDirectory.digest(directory))) {
            throw new TrainerException(
                    Fault.VECTOR_MISMATCH, "vector " + directory + " is not the one that its card states");
        }
        var readiness = card.readiness();
        return new FineTuneRun.VectorFiles(directory, readiness == null ? null : readiness.gateDrop());
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
            FineTuneRun.Result result = FineTuneRun.run(request, model, adapter, progress, log, checkpoints);
            TrainingReport report = new TrainingReport(
                    request.settings(),
                    result.gateDrop(),
                    request.cooldownSteps(),
                    Curves.of(result.record()),
                    null,
                    result.drops().isEmpty()
                            ? null
                            : Curves.screening(request.screening(), result.drops(), result.threshold()));
            AtomicDirectory.write(out, directory -> {
                ModelDirectory.copy(content == PublishedContent.MERGED ? model : adapter, directory);
                DurableFiles.write(directory.resolve(TRAINING), ContractJson.write(report));
            });
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

    /** Writes a vector with what is known of it; whole or not at all. */
    public static void store(Path vector, VectorCard card, Path out) {
        VectorStages.store(vector, card, out);
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
