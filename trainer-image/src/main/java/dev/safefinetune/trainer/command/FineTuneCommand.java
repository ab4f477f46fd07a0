package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.trainer.checkpoint.RunKey;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.Split;
import dev.safefinetune.trainer.model.ModelConfig;
import dev.safefinetune.trainer.pipeline.ByHand;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.FineTuneRun;
import dev.safefinetune.trainer.pipeline.RunKeys;
import dev.safefinetune.trainer.pipeline.StageProgress;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A fine-tune by hand. */
@Command(
        name = "fine-tune",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Fine-tunes a model, with a security vector attached and frozen where one is given.")
final class FineTuneCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "the base model")
    private Path model = Path.of("");

    @Option(names = "--dataset", required = true, paramLabel = "FILE", description = "JSONL with messages")
    private Path dataset = Path.of("");

    @Option(names = "--vector", paramLabel = "DIR", description = "a security vector made for this base model")
    private @Nullable Path vector;

    @Option(
            names = "--method",
            defaultValue = "lora",
            description = "lora: an adapter; full: all weights (default ${DEFAULT-VALUE})")
    private FineTuning.Method method = FineTuning.Method.LORA;

    @Option(
            names = "--gate",
            paramLabel = "calibrated|off|NATS",
            description =
                    "leave out samples that the vector explains: by the vector's own threshold, not at all, or above"
                            + " so many nats (default calibrated with a vector that has a threshold, otherwise off)")
    private @Nullable String gate;

    @Option(
            names = "--screening",
            defaultValue = "Report",
            description = "what happens to samples that the vector explains: ${COMPLETION-CANDIDATES} (default"
                    + " ${DEFAULT-VALUE})")
    private ScreeningAction screening = ScreeningAction.REPORT;

    @Option(names = "--cooldown", paramLabel = "FILE", description = "trusted samples, trained last without the vector")
    private @Nullable Path cooldown;

    @Option(names = "--cooldown-steps", defaultValue = "20", description = "(default ${DEFAULT-VALUE})")
    private int cooldownSteps;

    @Option(
            names = "--validation-percent",
            defaultValue = "0",
            description = "share of the dataset that is held out (default ${DEFAULT-VALUE})")
    private int validationPercent;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the result goes")
    private Path out = Path.of("");

    @Option(
            names = "--content",
            defaultValue = "merged",
            description = "merged: a whole model; adapter: a PEFT adapter (default ${DEFAULT-VALUE})")
    private PublishedContent content = PublishedContent.MERGED;

    @Mixin
    private CheckpointOptions checkpoint = new CheckpointOptions();

    @Mixin
    private LoraOptions lora = new LoraOptions();

    @Mixin
    private HyperparameterOptions hyperparameters = new HyperparameterOptions();

    @Override
    public Integer call() {
        boolean adapter = method == FineTuning.Method.LORA;
        FineTuning settings = Settings.checked(
                () -> new FineTuning(method, adapter ? lora.toContract() : null, hyperparameters.toContract()));
        if (content == PublishedContent.ADAPTER && !adapter) {
            throw new TrainerException(Fault.SETTINGS_INVALID, "--content adapter needs --method lora");
        }
        AtomicDirectory.checkWritable(out);
        ModelDirectory.inspect(model);
        FineTuneRun.VectorFiles files = vector == null ? null : ByHand.vector(vector, model);
        FineTuneRun.Request request = new FineTuneRun.Request(
                model,
                files,
                settings,
                gate(files),
                files == null ? ScreeningAction.OFF : screening,
                cooldown == null ? 0 : cooldownSteps,
                data(settings));
        EventLog log = Console.log();
        StageProgress progress = Console.progress(Stage.TRAIN, log);
        checkpoint.use(
                () -> key(request), progress, log, arm -> ByHand.fineTune(request, content, out, progress, log, arm));
        return 0;
    }

    /** What decides how the training goes: what it reads, and every setting. */
    private RunKey key(FineTuneRun.Request request) {
        Map<String, Path> files = new TreeMap<>(Map.of("dataset", dataset));
        if (vector != null) {
            files.put("vector", vector);
        }
        if (cooldown != null) {
            files.put("cooldown", cooldown);
        }
        List<Object> settings = List.of(
                request.settings(), request.gate(), request.screening(), request.cooldownSteps(), validationPercent);
        return RunKeys.ofCommand(model, settings, files);
    }

    private Gate gate(FineTuneRun.@Nullable VectorFiles files) {
        String wish = gate == null
                ? (files != null && files.gateDrop() != null ? "calibrated" : "off")
                : gate.toLowerCase(Locale.ROOT);
        if (!wish.equals("off") && files == null) {
            throw new TrainerException(Fault.SETTINGS_INVALID, "--gate needs --vector");
        }
        return switch (wish) {
            case "off" -> Gate.OFF;
            case "calibrated" -> Gate.CALIBRATED;
            default ->
                Settings.checked(() -> {
                    try {
                        return Gate.fixed(Double.parseDouble(wish));
                    } catch (NumberFormatException e) {
                        throw new IllegalArgumentException(
                                "--gate must be calibrated, off or a number of nats, was " + gate, e);
                    }
                });
        };
    }

    private FineTuneRun.Data data(FineTuning settings) {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(model)) {
            int limit = Math.min(
                    ModelConfig.read(model).maxPositions(),
                    settings.hyperparameters().maxSequenceLength());
            Dataset all = DatasetReader.read(dataset);
            Split split =
                    Split.of(all, validationPercent, settings.hyperparameters().seed());
            return new FineTuneRun.Data(
                    tokenizer.encode(new Dataset(all.name(), split.train()), limit),
                    split.heldOut().isEmpty()
                            ? List.of()
                            : tokenizer.encode(new Dataset(all.name(), split.heldOut()), limit),
                    cooldown == null ? List.of() : tokenizer.encode(DatasetReader.read(cooldown), limit));
        }
    }
}
