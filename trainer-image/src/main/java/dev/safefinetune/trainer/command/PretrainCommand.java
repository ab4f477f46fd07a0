package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.pipeline.ArmCheckpoints;
import dev.safefinetune.trainer.pipeline.Encoder;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.RunKeys;
import dev.safefinetune.trainer.pipeline.StageProgress;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.FineTuneTask;
import dev.safefinetune.trainer.train.FineTuned;
import dev.safefinetune.trainer.train.FineTuner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A new model from nothing: for small worlds. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Trains a new model from a configuration and a tokenizer, on the answers of conversations or on text.")
final class PretrainCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "config.json, tokenizer.json and a chat template; no weights")
    private Path model = Path.of("");

    @Option(names = "--dataset", required = true, paramLabel = "FILE", description = "JSONL")
    private Path dataset = Path.of("");

    @Mixin
    private FormatOption format = new FormatOption();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the model goes")
    private Path out = Path.of("");

    @Mixin
    private CheckpointOptions checkpoint = new CheckpointOptions();

    @Mixin
    private HyperparameterOptions hyperparameters = new HyperparameterOptions();

    @Override
    public Integer call() {
        FineTuning settings =
                Settings.checked(() -> new FineTuning(FineTuning.Method.FULL, null, hyperparameters.toContract()));
        AtomicDirectory.checkWritable(out);
        ModelConfig config = ModelConfig.read(model);
        List<EncodedSample> samples;
        EventLog log = Console.log();
        try (ChatTokenizer tokenizer = ChatTokenizer.open(model)) {
            samples = new Encoder(tokenizer, config, log)
                    .encode(format.read(dataset), settings.hyperparameters().maxSequenceLength());
        }
        StageProgress progress = Console.progress(Stage.TRAIN, log);
        checkpoint.use(
                () -> RunKeys.ofCommand(model, settings, Map.of(format.input(), dataset), List.of(Device.CPU)),
                progress,
                log,
                arm -> train(config, settings, samples, progress, log, arm));
        return 0;
    }

    private void train(
            ModelConfig config,
            FineTuning settings,
            List<EncodedSample> samples,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints arm) {
        try (CausalModel made =
                CausalModel.initialise(config, settings.hyperparameters().seed())) {
            FineTuned trained = FineTuner.train(made, FineTuneTask.plain(settings, samples), progress, arm.steps());
            AtomicDirectory.write(out, d -> MergedModelWriter.write(model, made, null, d));
            log.event(
                    "written",
                    "out",
                    out,
                    "steps",
                    trained.record().steps().size(),
                    "loss",
                    trained.record().lastLoss(),
                    "seconds",
                    trained.record().seconds());
        }
    }
}
