package dev.safefinetune.contract;

import java.util.List;
import java.util.Map;

/** Whole values of the contract, one of each task, for the tests of this module. */
final class Samples {
    static final Digest DIGEST = new Digest("sha256:" + "0123456789abcdef".repeat(4));
    static final RunIdentity RUN = new RunIdentity("team-a", "SafeFineTune", "support-bot", "u-1", "support-bot-4");
    static final LoraSettings LORA = new LoraSettings(16, 32, false, List.of(LoraSettings.ALL_LINEAR));
    static final Hyperparameters HYPERPARAMETERS =
            new Hyperparameters(3, 2e-4, 32, 4096, 2048, Hyperparameters.Scheduler.COSINE, 0.03, 0.999, 0, 1, 42);
    static final FineTuning FINE_TUNING = new FineTuning(FineTuning.Method.LORA, LORA, HYPERPARAMETERS);
    static final VectorTraining VECTOR_TRAINING =
            new VectorTraining(VectorTraining.Objective.SINGLE_LEVEL, LORA, HYPERPARAMETERS, 1);
    static final Checkpointing CHECKPOINTING = new Checkpointing(600, 2, 60);
    static final Source SOURCE = new Source("pvc://data/a", "volumes/data/a");
    static final Target TARGET = new Target("pvc://out/b", "volumes/out/b");
    static final Inputs INPUTS = Inputs.of(Map.of(Inputs.MODEL, DIGEST, Inputs.DATASET, DIGEST));
    static final VectorInput VECTOR = new VectorInput(SOURCE, DIGEST, DIGEST, 0.7, 0.5, DIGEST, List.of(DIGEST), null);

    static final JudgeSettings JUDGE = new JudgeSettings("{{ request }}: {{ answer }}", "unsafe", "safe");

    static final EvaluationThresholds THRESHOLDS = new EvaluationThresholds(0.02, 0.01, 0.03, 0.08);

    static final List<StageTask> TASKS = List.of(
            new StageTask.Prepare(
                    "scratch",
                    SOURCE,
                    SOURCE,
                    2,
                    SOURCE,
                    SOURCE,
                    SOURCE,
                    VECTOR,
                    FINE_TUNING,
                    TARGET,
                    THRESHOLDS,
                    DatasetFormat.MESSAGES,
                    new JudgeInput(SOURCE, DIGEST, JUDGE),
                    null),
            new StageTask.Train(
                    "scratch",
                    INPUTS,
                    FINE_TUNING,
                    VECTOR,
                    Gate.fixed(0.5),
                    VectorScope.ALL_SAMPLES,
                    new AnchorSettings(1),
                    20,
                    5e-4,
                    ScreeningAction.REPORT,
                    true,
                    CHECKPOINTING),
            new StageTask.Evaluate("scratch", INPUTS, THRESHOLDS, true, 42, TARGET, List.of(DIGEST), JUDGE, null),
            new StageTask.Publish("scratch", INPUTS, PublishedContent.MERGED, TARGET),
            new StageTask.PrepareVector(
                    "scratch",
                    SOURCE,
                    SOURCE,
                    null,
                    SOURCE,
                    new SuiteSource(SOURCE, null),
                    VECTOR_TRAINING,
                    TARGET,
                    new ReadinessThresholds(0.9, 0.88, 0.05, 0.01)),
            new StageTask.TrainVector("scratch", INPUTS, VECTOR_TRAINING, CHECKPOINTING),
            new StageTask.Assess("scratch", INPUTS, new ReadinessThresholds(0.9, 0.99, 0.05, 0.01), 42),
            new StageTask.Store("scratch", INPUTS, TARGET));

    private Samples() {}
}
