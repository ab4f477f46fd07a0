package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.evaluate.ExamOverlap;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The repair of a run without a run. */
public final class RepairByHand {
    private RepairByHand() {}

    /**
     * What is repaired, and with what.
     *
     * @param training beside the model, as it was written with it
     * @param answers the base's own
     */
    public record Source(Path base, Path model, TrainingReport training, Replay answers) {}

    /**
     * Reads it.
     *
     * @param model directory of a model that {@link ByHand#fineTune} wrote
     * @param vector directory of the vector that it was trained with
     * @param suite that it is judged on
     * @throws TrainerException {@link Fault#SETTINGS_INVALID} where the model says nothing of its training, and
     *     {@link Fault#DATASET_INVALID} where the suite asks what the repair trains on
     */
    public static Source source(Path base, Path model, Path vector, Suite suite) {
        Path file = model.resolve(ByHand.TRAINING);
        if (!Files.isRegularFile(file)) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "--repair once goes by how the model was trained, and " + model + " has no " + ByHand.TRAINING
                            + "; give a model as fine-tune wrote it");
        }
        TrainingReport training;
        try {
            training = ContractJson.read(Files.readString(file), TrainingReport.class);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
        List<Replay> replays = ByHand.vector(vector, base, null).replays();
        if (replays.isEmpty() || replays.getFirst().refusals().isEmpty()) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "--repair once trains on the base's own refusals, and " + vector + " has 0 of them beside it");
        }
        Replay answers = replays.getFirst();
        new ExamOverlap(suite.prompts()).refuse(answers.refusals(), Replay.FILE + " beside the vector");
        return new Source(base, model, training, answers);
    }

    /**
     * Judges, and repairs where that is called for. A repaired model is written only once it has passed.
     *
     * @param out where it goes; whole or not at all
     * @return the report of the last judgement
     */
    public static SafetyReport judge(
            Source source, Suite suite, RepairOnce.Judge judge, Path out, StageProgress progress, EventLog log) {
        SafetyReport[] report = new SafetyReport[1];
        ByHand.inWorkDirectory(out, work -> {
            Path repaired = work.resolve("model");
            report[0] = new RepairOnce(
                            source.model(),
                            repaired,
                            judge,
                            () -> run(source).run(repaired, null, progress, log).training())
                    .judge(suite, log);
            if (report[0].repair() != null && report[0].verdict() == Verdict.PASSED) {
                Destination.MADE_BY_HAND.write(
                        out,
                        directory -> {
                            ModelDirectory.copy(repaired, directory);
                            DurableFiles.write(
                                    directory.resolve(ByHand.TRAINING), ContractJson.write(source.training()));
                        },
                        manifest -> {});
                log.event("written", "out", out);
            }
        });
        return report[0];
    }

    private static RepairRun run(Source source) {
        int limit = source.training().fineTuning().hyperparameters().maxSequenceLength();
        try (ChatTokenizer tokenizer = ChatTokenizer.open(source.base())) {
            Replay.Encoded answers = source.answers().encode(tokenizer, limit);
            return new RepairRun(
                    source.base(),
                    source.model(),
                    null,
                    source.training().fineTuning(),
                    answers,
                    RepairRun.anchorWeight(source.training()),
                    Reloaded.probes(answers.refusals()),
                    Device.CPU);
        }
    }
}
