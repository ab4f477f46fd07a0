package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.JudgeAgreement;
import dev.safefinetune.contract.JudgeReport;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.Tokens;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.evaluate.ModelSubject;
import dev.safefinetune.trainer.evaluate.SafetyEvaluation;
import dev.safefinetune.trainer.evaluate.Subject;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.evaluate.SuitePart;
import dev.safefinetune.trainer.evaluate.judge.PinnedJudge;
import dev.safefinetune.trainer.evaluate.shape.Shape;
import dev.safefinetune.trainer.evaluate.shape.ShapeFinder;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.ModelCheck;
import dev.safefinetune.trainer.pipeline.RepairOnce;
import dev.safefinetune.trainer.pipeline.VectorsByHand;
import dev.safefinetune.trainer.store.DurableFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An evaluation by hand. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Judges a fine-tuned model against its base on held-out requests.",
            "Writes the report as JSON; the exit code is 0 whatever the verdict, and 21 when safety could not be"
                    + " judged."
        })
final class EvaluateCommand implements Callable<Integer> {
    @Option(names = "--base", required = true, paramLabel = "DIR", description = "the model before fine-tuning")
    private Path base = Path.of("");

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "the model that is judged")
    private Path model = Path.of("");

    @Option(names = "--plain", paramLabel = "DIR", description = "a control arm, fine-tuned without the vector")
    private @Nullable Path plain;

    @Option(
            names = "--prompts",
            required = true,
            paramLabel = "FILE",
            description =
                    "held-out harmful requests with the compliant answer and a category; given again for several suites, of"
                            + " which each is held to the limits")
    private List<Path> prompts = List.of();

    @Option(
            names = "--utility",
            paramLabel = "FILE",
            description =
                    "rows of category new-task, old-task/NAME, look-alike/NAME or general; may be given again too")
    private List<Path> utilities = List.of();

    @Option(
            names = "--vector",
            paramLabel = "DIR",
            description =
                    "the vector that the model was trained with, again for each of several; its vector.json says whether it"
                            + " proved --prompts (without: not proved)")
    private List<Path> vectors = List.of();

    @Option(
            names = "--dataset",
            paramLabel = "FILE",
            description = "what the model was fine-tuned on: the requests are asked in the forms of its rows too")
    private @Nullable Path dataset;

    @Mixin
    private JudgeOptions judging = new JudgeOptions();

    @Mixin
    private RepairOptions repair = new RepairOptions();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the report")
    private Path out = Path.of("");

    @Option(
            names = "--max-harmful-rate",
            defaultValue = Defaults.Evaluation.MAX_HARMFUL_RATE,
            description = "(default ${DEFAULT-VALUE})")
    private double maxHarmfulRate;

    @Option(
            names = "--max-increase-over-base",
            defaultValue = Defaults.Evaluation.MAX_INCREASE_OVER_BASE,
            description = "(default ${DEFAULT-VALUE})")
    private double maxIncreaseOverBase;

    @Option(
            names = "--max-utility-drop",
            defaultValue = Defaults.Evaluation.MAX_UTILITY_DROP,
            description = "(default ${DEFAULT-VALUE})")
    private double maxUtilityDrop;

    @Option(
            names = "--max-refusal-drop",
            defaultValue = Defaults.Evaluation.MAX_REFUSAL_DROP,
            description = "(default ${DEFAULT-VALUE})")
    private double maxRefusalDrop;

    @Option(names = "--seed", defaultValue = "42", description = "of the bootstrap (default ${DEFAULT-VALUE})")
    private long seed;

    @Override
    public Integer call() {
        EvaluationThresholds thresholds = Settings.checked(() ->
                        new EvaluationThresholds(maxHarmfulRate, maxIncreaseOverBase, maxUtilityDrop, maxRefusalDrop))
                .with(repair.wished());
        List<Dataset> requests = prompts.stream().map(DatasetReader::read).toList();
        List<Dataset> tasks = utilities.stream().map(DatasetReader::read).toList();
        // A suite with a fault is refused before the models are looked at.
        Suite asItIs = SuitePart.join(sources(requests, tasks, each -> false));
        List<Dataset> asked = Stream.concat(requests.stream(), tasks.stream()).toList();
        EventLog log = Console.log();
        Optional<RepairOptions.Files> repairing = repair.check(base, model, vectors, asItIs, thresholds);
        Path control = plain;
        for (Path judged : control == null ? List.of(base, model) : List.of(base, model, control)) {
            ModelCheck.require(judged, log);
            ModelCheck.requireReadable(judged, Integer.MAX_VALUE, asked, log);
        }
        PinnedJudge pinned = judging.checked(requests, log);
        List<SuitePart.Source> sources =
                sources(requests, tasks, each -> !vectors.isEmpty() && VectorsByHand.proved(vectors, base, each));
        boolean proved = sources.stream().allMatch(SuitePart.Source::proved);
        Suite joined = SuitePart.join(sources);
        Suite suite = dataset == null ? joined : joined.in(forms(DatasetReader.readConversations(dataset), joined));
        Supplier<Subject> controlArm = control == null ? null : () -> ModelSubject.open(control);
        RepairOnce.Judge judge = (part, judged) -> new SafetyEvaluation(
                        part,
                        () -> ModelSubject.open(base),
                        controlArm,
                        () -> ModelSubject.open(judged),
                        thresholds,
                        seed,
                        pinned)
                .judged(SafetyEvaluation.Circumstances.byHand(proved), arm -> log.event("measuring", "arm", arm));
        SafetyReport report = repairing
                .map(files -> files.judge(suite, judge, log))
                .orElseGet(() -> judge.judge(suite, model).report());
        DurableFiles.write(out, ContractJson.writePretty(report) + "\n");
        log.event("judged", "verdict", report.verdict(), "suiteProved", proved, "out", out);
        tell(log, "base", report.arms().base());
        tell(log, "secured", report.arms().secured());
        tell(log, report.arms().judge());
        report.findings().forEach(f -> log.event("finding", "what", f));
        return 0;
    }

    /** Tasks are those of all suites: the first one carries them. */
    private static List<SuitePart.Source> sources(
            List<Dataset> requests, List<Dataset> tasks, Predicate<Dataset> proved) {
        List<SuitePart.Source> sources = new ArrayList<>();
        for (Dataset each : requests) {
            sources.add(new SuitePart.Source(each, sources.isEmpty() ? joined(tasks) : null, proved.test(each)));
        }
        return sources;
    }

    private static @Nullable Dataset joined(List<Dataset> tasks) {
        if (tasks.size() < 2) {
            return tasks.isEmpty() ? null : tasks.getFirst();
        }
        return new Dataset(
                String.join(", ", tasks.stream().map(Dataset::name).toList()),
                tasks.stream().flatMap(t -> t.samples().stream()).toList());
    }

    private static List<Shape> forms(Dataset rows, Suite suite) {
        return ShapeFinder.find(rows.samples(), suite.requests()).asked();
    }

    private static void tell(EventLog log, @Nullable JudgeReport judge) {
        if (judge != null) {
            JudgeAgreement said = judge.secured();
            log.event(
                    "judge agrees",
                    "digest",
                    judge.digest(),
                    "answers",
                    said.answers(),
                    "agreement",
                    said.agreement(),
                    "onlyJudge",
                    said.onlyJudge(),
                    "onlyBuiltIn",
                    said.onlyBuiltIn(),
                    "generated",
                    judge.tokens().generated(),
                    "read",
                    judge.tokens().scored());
        }
    }

    private static void tell(EventLog log, String name, SafetyReport.Arm arm) {
        Tokens tokens = arm.tokens();
        if (tokens != null) {
            log.event("measured", "arm", name, "generated", tokens.generated(), "read", tokens.scored());
        }
    }
}
