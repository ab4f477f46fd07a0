package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.pipeline.AdapterPlace;
import dev.safefinetune.trainer.pipeline.ArmCheckpoints;
import dev.safefinetune.trainer.pipeline.ByHand;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.HeldOut;
import dev.safefinetune.trainer.pipeline.ModelCheck;
import dev.safefinetune.trainer.pipeline.Models;
import dev.safefinetune.trainer.pipeline.RunKeys;
import dev.safefinetune.trainer.pipeline.StageProgress;
import dev.safefinetune.trainer.pipeline.SuiteProof;
import dev.safefinetune.trainer.pipeline.VectorRun;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A security vector by hand. */
@Command(
        name = "train-vector",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        defaultValueProvider = VectorDefaults.class,
        description = {
            "Trains a security vector and measures it on samples that it never saw.",
            "The vector is written with its figures, whatever they are; vector.json says whether it is ready.",
            "The digest that is printed covers all of it; fine-tune takes it as --vector-digest."
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
            description =
                    "harmful samples for the assessment: at least 30 requests, 5 of each category, none of them in --harmful")
    private Path heldOut = Path.of("");

    @Option(names = "--benign", required = true, paramLabel = "FILE", description = "samples whose behaviour is kept")
    private Path benign = Path.of("");

    @Option(
            names = "--suite",
            paramLabel = "FILE",
            description =
                    "requests of an evaluation suite that the vector is to prove: with it the base has to comply with .9 of them, without it refuse .8")
    private @Nullable Path suite;

    @Option(names = "--utility", paramLabel = "FILE", description = "the utility dataset of --suite")
    private @Nullable Path utility;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the vector goes")
    private Path out = Path.of("");

    @Option(
            names = "--kl-weight",
            defaultValue = Defaults.Vector.KL_WEIGHT,
            description = "weight of the term that keeps other behaviour (default ${DEFAULT-VALUE})")
    private double klWeight;

    @Option(
            names = "--min-explained",
            defaultValue = Defaults.Readiness.MIN_EXPLAINED,
            description = "readiness (default ${DEFAULT-VALUE})")
    private double minExplained;

    @Option(
            names = "--min-first-token-compliance",
            defaultValue = Defaults.Readiness.MIN_FIRST_TOKEN_COMPLIANCE,
            description = "readiness (default ${DEFAULT-VALUE})")
    private double minFirstTokenCompliance;

    @Option(
            names = "--max-gradient-ratio",
            defaultValue = Defaults.Readiness.MAX_GRADIENT_RATIO,
            description = "readiness (default ${DEFAULT-VALUE})")
    private double maxGradientRatio;

    @Option(
            names = "--max-benign-increase",
            defaultValue = Defaults.Readiness.MAX_BENIGN_INCREASE,
            description = "readiness (default ${DEFAULT-VALUE})")
    private double maxBenignIncrease;

    @Mixin
    private CheckpointOptions checkpoint = new CheckpointOptions();

    @Mixin
    private LoraOptions lora = new LoraOptions();

    @Mixin
    private HyperparameterOptions hyperparameters = new HyperparameterOptions();

    @Mixin
    private ObjectiveOptions objective = new ObjectiveOptions();

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Override
    public Integer call() {
        VectorTraining training = Settings.checked(() -> new VectorTraining(
                objective.objective(),
                lora.toContract(),
                hyperparameters.toContract(),
                klWeight,
                compute.precision(),
                objective.minMin()));
        ReadinessThresholds thresholds = Settings.checked(() ->
                new ReadinessThresholds(minExplained, minFirstTokenCompliance, maxGradientRatio, maxBenignIncrease));
        List<Device> devices = compute.devices();
        ByHand.checkStorage(out);
        EventLog log = Console.log();
        ModelCheck.require(model, log);
        Dataset harm = DatasetReader.read(harmful);
        Dataset unseen = DatasetReader.read(heldOut);
        Dataset keep = DatasetReader.read(benign);
        ModelCheck.requireReadable(
                model, training.hyperparameters().maxSequenceLength(), List.of(harm, unseen, keep), log);
        HeldOut.require(unseen, harm, thresholds);
        VectorRun.requireTurn(training, harm.size());
        SuiteProof proof = proof(harm, log);
        StageProgress progress = Console.progress(Stage.TRAIN_VECTOR, log);
        checkpoint.use(
                () -> RunKeys.ofCommand(model, training, Map.of("harmful", harmful, "benign", benign), devices),
                progress,
                log,
                arm -> train(
                        new VectorRun.Material(harm, unseen, keep, proof),
                        training,
                        devices,
                        thresholds,
                        progress,
                        log,
                        arm));
        return 0;
    }

    private @Nullable SuiteProof proof(Dataset harm, EventLog log) {
        Path requests = suite;
        Path tasks = utility;
        if (requests == null) {
            if (tasks != null) {
                throw new TrainerException(Fault.SETTINGS_INVALID, "--utility needs --suite, whose dataset it is");
            }
            return null;
        }
        Dataset prompts = DatasetReader.read(requests);
        Dataset rows = tasks == null ? null : DatasetReader.read(tasks);
        SuiteProof proof = SuiteProof.of(prompts, rows);
        SuiteProof.requireCategories(prompts, harm);
        ModelCheck.requireReadable(
                model, Integer.MAX_VALUE, rows == null ? List.of(prompts) : List.of(prompts, rows), log);
        return proof;
    }

    private void train(
            VectorRun.Material material,
            VectorTraining training,
            List<Device> devices,
            ReadinessThresholds thresholds,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints arm) {
        ByHand.inWorkDirectory(out, work -> {
            Path vector = work.resolve("vector");
            Path replay = work.resolve("replay.jsonl");
            VectorRun.Trained trained = VectorRun.train(
                    model,
                    material.harmful(),
                    material.benign(),
                    training,
                    devices,
                    new AdapterPlace(vector, model.toString()),
                    progress,
                    log,
                    arm);
            StageFigures.Readiness readiness = VectorRun.assess(
                    model,
                    Models.judging(devices),
                    vector,
                    trained.card().floor(),
                    material,
                    thresholds,
                    training.hyperparameters().seed(),
                    replay);
            Digest written = ByHand.store(vector, replay, trained.card().judged(readiness), out);
            log.event(
                    "assessed",
                    "verdict",
                    readiness.verdict(),
                    "gateDrop",
                    String.valueOf(readiness.gateDrop()),
                    "gateShare",
                    String.valueOf(readiness.gateShare()),
                    "replay",
                    String.valueOf(readiness.replay()),
                    "floor",
                    trained.card().floor(),
                    "benignIncrease",
                    readiness.benignIncrease(),
                    "randomExplained",
                    readiness.randomExplained(),
                    "provenSuites",
                    readiness.provenSuites().size(),
                    "digest",
                    written);
            readiness.findings().forEach(f -> log.event("finding", "what", f));
        });
    }
}
