package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.pipeline.ArmCheckpoints;
import dev.safefinetune.trainer.pipeline.ByHand;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.RunKeys;
import dev.safefinetune.trainer.pipeline.StageProgress;
import dev.safefinetune.trainer.pipeline.VectorRun;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A security vector by hand. */
@Command(
        name = "train-vector",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Trains a security vector and measures it on samples that it never saw.",
            "The vector is written with its figures, whatever they are; vector.json says whether it is ready."
        })
final class TrainVectorCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "the base model")
    private Path model = Path.of("");

    @Option(names = "--harmful", required = true, paramLabel = "FILE", description = "JSONL with messages and category")
    private Path harmful = Path.of("");

    @Option(
            names = "--held-out",
            required = true,
            paramLabel = "FILE",
            description = "harmful samples for the assessment")
    private Path heldOut = Path.of("");

    @Option(names = "--benign", required = true, paramLabel = "FILE", description = "samples whose behaviour is kept")
    private Path benign = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the vector goes")
    private Path out = Path.of("");

    @Option(
            names = "--kl-weight",
            defaultValue = "1",
            description = "weight of the term that keeps other behaviour (default ${DEFAULT-VALUE})")
    private double klWeight;

    @Option(names = "--min-explained", defaultValue = "0.8", description = "readiness (default ${DEFAULT-VALUE})")
    private double minExplained;

    @Option(
            names = "--min-first-token-compliance",
            defaultValue = "0.95",
            description = "readiness (default ${DEFAULT-VALUE})")
    private double minFirstTokenCompliance;

    @Option(names = "--max-gradient-ratio", defaultValue = "0.5", description = "readiness (default ${DEFAULT-VALUE})")
    private double maxGradientRatio;

    @Option(names = "--max-benign-increase", defaultValue = "0.1", description = "readiness (default ${DEFAULT-VALUE})")
    private double maxBenignIncrease;

    @Mixin
    private CheckpointOptions checkpoint = new CheckpointOptions();

    @Mixin
    private LoraOptions lora = new LoraOptions();

    @Mixin
    private HyperparameterOptions hyperparameters = new HyperparameterOptions();

    @Override
    public Integer call() {
        VectorTraining training = Settings.checked(() -> new VectorTraining(
                VectorTraining.Objective.SINGLE_LEVEL, lora.toContract(), hyperparameters.toContract(), klWeight));
        ReadinessThresholds thresholds = Settings.checked(() ->
                new ReadinessThresholds(minExplained, minFirstTokenCompliance, maxGradientRatio, maxBenignIncrease));
        AtomicDirectory.checkWritable(out);
        ModelDirectory.inspect(model);
        Dataset harm = DatasetReader.read(harmful);
        Dataset unseen = DatasetReader.read(heldOut);
        Dataset keep = DatasetReader.read(benign);
        EventLog log = Console.log();
        StageProgress progress = Console.progress(Stage.TRAIN_VECTOR, log);
        checkpoint.use(
                () -> RunKeys.ofCommand(model, training, Map.of("harmful", harmful, "benign", benign)),
                progress,
                log,
                arm -> train(harm, unseen, keep, training, thresholds, progress, log, arm));
        return 0;
    }

    private void train(
            Dataset harm,
            Dataset unseen,
            Dataset keep,
            VectorTraining training,
            ReadinessThresholds thresholds,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints arm) {
        ByHand.inWorkDirectory(out, work -> {
            Path vector = work.resolve("vector");
            VectorRun.Trained trained = VectorRun.train(model, harm, keep, training, vector, progress, arm);
            StageFigures.Readiness readiness = VectorRun.assess(
                    model,
                    vector,
                    trained.card().floor(),
                    unseen,
                    keep,
                    thresholds,
                    training.hyperparameters().seed());
            ByHand.store(vector, trained.card().judged(readiness), out);
            log.event(
                    "assessed",
                    "verdict",
                    readiness.verdict(),
                    "gateDrop",
                    String.valueOf(readiness.gateDrop()),
                    "floor",
                    trained.card().floor(),
                    "benignIncrease",
                    readiness.benignIncrease(),
                    "randomExplained",
                    readiness.randomExplained());
            readiness.findings().forEach(f -> log.event("finding", "what", f));
        });
    }
}
