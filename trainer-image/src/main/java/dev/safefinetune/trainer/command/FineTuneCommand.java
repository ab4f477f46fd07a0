package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.AnchorSettings;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.checkpoint.RunKey;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Split;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.pipeline.ByHand;
import dev.safefinetune.trainer.pipeline.Encoder;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.FineTuneRun;
import dev.safefinetune.trainer.pipeline.ModelCheck;
import dev.safefinetune.trainer.pipeline.Replay;
import dev.safefinetune.trainer.pipeline.RunKeys;
import dev.safefinetune.trainer.pipeline.StageProgress;
import dev.safefinetune.trainer.pipeline.VectorFiles;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

    @Option(names = "--dataset", required = true, paramLabel = "FILE", description = "JSONL")
    private Path dataset = Path.of("");

    @Mixin
    private FormatOption format = new FormatOption();

    @Mixin
    private VectorOptions vectors = new VectorOptions();

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
            names = "--gate-unit",
            defaultValue = "samples",
            description =
                    "what a calibrated gate leaves out: samples, or tokens and the samples of which more than half are"
                            + " left out (default ${DEFAULT-VALUE}); a vector without thresholds for tokens leaves out samples")
    private Gate.Unit unit = Gate.Unit.SAMPLES;

    @Option(
            names = "--screening",
            defaultValue = "Report",
            description = "what happens to samples that the vector explains: ${COMPLETION-CANDIDATES} (default"
                    + " ${DEFAULT-VALUE})")
    private ScreeningAction screening = ScreeningAction.REPORT;

    @Mixin
    private CooldownOptions cooldown = new CooldownOptions();

    @Option(
            names = "--vector-scope",
            defaultValue = "all_samples",
            description = "which samples the vector is on for: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private VectorScope scope = VectorScope.ALL_SAMPLES;

    @Mixin
    private AnchorOptions anchor = new AnchorOptions();

    @Option(
            names = "--screening-misses",
            split = ",",
            hidden = true,
            description = "for experiments: indices of samples that the screening is made to miss")
    private Set<Integer> missed = Set.of();

    @Option(
            names = "--validation-percent",
            defaultValue = "0",
            description = "share of the dataset that is held out, 0 to 50 (default ${DEFAULT-VALUE})")
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

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Override
    public Integer call() {
        boolean adapter = method == FineTuning.Method.LORA;
        FineTuning settings = Settings.checked(() -> new FineTuning(
                method, adapter ? lora.toContract() : null, hyperparameters.toContract(), compute.precision()));
        if (content == PublishedContent.ADAPTER && !adapter) {
            throw new TrainerException(Fault.SETTINGS_INVALID, "--content adapter needs --method lora");
        }
        int share = Settings.checked(() -> Split.requirePercent("--validation-percent", validationPercent));
        AnchorSettings held = anchor.settings(vectors.protects(), method);
        ByHand.checkOutput(out);
        EventLog log = Console.log();
        ModelCheck.require(model, log);
        ByHand.Vector taken = vectors.taken(model);
        VectorFiles files = taken == null ? null : taken.files();
        FineTuneRun.Request request = new FineTuneRun.Request(
                model,
                files,
                settings,
                compute.devices(),
                gate(files),
                scope,
                held,
                files == null ? ScreeningAction.OFF : screening,
                cooldown.settings(settings, vectors.protects()),
                data(settings, share, taken, log),
                missed);
        StageProgress progress = Console.progress(Stage.TRAIN, log);
        checkpoint.use(
                () -> key(request), progress, log, arm -> ByHand.fineTune(request, content, out, progress, log, arm));
        return 0;
    }

    /** What decides how the training goes: what it reads, and every setting. */
    private RunKey key(FineTuneRun.Request request) {
        Map<String, Path> files = new TreeMap<>(Map.of(format.input(), dataset));
        files.putAll(vectors.files());
        Path trusted = cooldown.trusted();
        if (trusted != null) {
            files.put("cooldown", trusted);
        }
        List<Object> settings = new ArrayList<>(List.of(
                request.settings(),
                request.gate(),
                request.scope(),
                request.screening(),
                request.cooldown(),
                validationPercent,
                new TreeSet<>(request.missed())));
        AnchorSettings anchor = request.anchor();
        if (anchor != null) {
            settings.add(anchor);
        }
        return RunKeys.ofCommand(model, settings, files, request.devices());
    }

    private Gate gate(@Nullable VectorFiles files) {
        String wish = gate == null
                ? (files != null && files.gate() != null ? "calibrated" : "off")
                : gate.toLowerCase(Locale.ROOT);
        if (!wish.equals("off") && files == null) {
            throw new TrainerException(Fault.SETTINGS_INVALID, "--gate needs --vector");
        }
        if (unit == Gate.Unit.TOKENS && !wish.equals("calibrated")) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "--gate-unit tokens needs --gate calibrated and a --vector with thresholds, was --gate " + wish);
        }
        return switch (wish) {
            case "off" -> Gate.OFF;
            case "calibrated" -> unit == Gate.Unit.TOKENS ? Gate.ofTokens() : Gate.CALIBRATED;
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

    private FineTuneRun.Data data(FineTuning settings, int share, ByHand.@Nullable Vector taken, EventLog log) {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(model)) {
            int limit = settings.hyperparameters().maxSequenceLength();
            Encoder encoder = new Encoder(tokenizer, ModelConfig.read(model), log);
            Dataset all = format.read(dataset);
            Split split = Split.of(all, share, settings.hyperparameters().seed());
            return new FineTuneRun.Data(
                    encoder.encode(new Dataset(all.name(), split.train()), limit),
                    split.heldOut().isEmpty()
                            ? List.of()
                            : encoder.encode(new Dataset(all.name(), split.heldOut()), limit),
                    cooldown.trusted() == null ? List.of() : encoder.encode(format.read(cooldown.trusted()), limit),
                    taken == null
                            ? Replay.Encoded.NONE
                            : taken.encode(
                                    tokenizer, Math.min(limit, encoder.model().maxPositions())),
                    format.toContract());
        }
    }
}
