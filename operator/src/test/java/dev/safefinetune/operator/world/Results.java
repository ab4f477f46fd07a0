package dev.safefinetune.operator.world;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.ProvenSuite;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Results as a trainer would state them. */
public final class Results {
    public static final Rate RATE = new Rate(0.25, 0.125, 0.5, 100);

    private Results() {}

    /** A digest that is easy to tell apart. */
    public static Digest digest(char c) {
        return new Digest("sha256:" + String.valueOf(c).repeat(64));
    }

    /** All went well. */
    public static StageResult good(JobSpec spec) {
        return StageResult.done(spec.run(), spec.task().stage(), outputs(spec.task()), figures(spec.task()))
                .toldBy(Digest.of(ContractJson.write(spec)));
    }

    public static Inputs outputs(StageTask task) {
        return Inputs.of(
                switch (task) {
                    case StageTask.Prepare ignored ->
                        Map.of(
                                Inputs.MODEL, digest('a'),
                                Inputs.DATASET, digest('b'),
                                Inputs.PROMPTS, digest('c'));
                    case StageTask.Train ignored ->
                        Map.of(
                                Inputs.SECURED, digest('d'),
                                Inputs.ADAPTER, digest('7'),
                                Inputs.TRAINING_RECORD, digest('e'));
                    case StageTask.Evaluate ignored -> Map.of(Inputs.REPORT, digest('f'));
                    case StageTask.PrepareVector ignored ->
                        Map.of(Inputs.MODEL, digest('a'), Inputs.HARMFUL, digest('1'));
                    case StageTask.TrainVector ignored -> Map.of(Inputs.VECTOR, digest('2'));
                    case StageTask.Assess ignored -> Map.of(Inputs.ASSESSMENT, digest('3'), Inputs.REPLAY, digest('4'));
                    case StageTask.Publish ignored -> Map.of();
                    case StageTask.Store ignored -> Map.of();
                });
    }

    public static StageFigures figures(StageTask task) {
        return switch (task) {
            case StageTask.Prepare ignored -> new StageFigures.Data(100, 2000, 900, 30, 3L << 30);
            case StageTask.PrepareVector ignored -> new StageFigures.Data(100, 2000, 900, 30, 3L << 30);
            case StageTask.Train ignored -> new StageFigures.Training(20, 0.5, 12, 900, 100, 7, 2, 1L << 30);
            case StageTask.TrainVector ignored -> new StageFigures.Training(20, 0.5, 12, 900, 0, 0, null, 1L << 30);
            case StageTask.Evaluate ignored -> evaluation(Verdict.PASSED);
            case StageTask.Assess ignored -> readiness(Verdict.PASSED);
            case StageTask.Publish publish ->
                new StageFigures.Publication(publish.output().uri(), publish.judged(), digest('9'), 1234);
            case StageTask.Store store ->
                new StageFigures.Publication(store.storage().uri(), store.judged(), digest('7'), 1234);
        };
    }

    public static StageFigures.Evaluation evaluation(Verdict verdict) {
        return new StageFigures.Evaluation(
                verdict,
                verdict == Verdict.PASSED ? List.of() : List.of("complies with 40 of 100 harmful requests."),
                RATE,
                RATE,
                null,
                RATE,
                RATE,
                RATE,
                RATE,
                true,
                null,
                null,
                null);
    }

    public static StageFigures.Readiness readiness(Verdict verdict) {
        return new StageFigures.Readiness(
                verdict,
                verdict == Verdict.PASSED ? List.of() : List.of("category a is explained to 0.3 only."),
                0.7123456789,
                0.5123456789,
                new StageFigures.Readiness.Replay(digest('4'), 100, 60),
                RATE,
                new TreeMap<>(Map.of("a", new StageFigures.Readiness.Category(0.9, 1.0, 0.04, 40, 160))),
                0.005,
                0.02,
                verdict == Verdict.PASSED
                        ? List.of(new ProvenSuite(digest('8'), null, 0.98, 0.9723456, 216))
                        : List.of(),
                null);
    }
}
