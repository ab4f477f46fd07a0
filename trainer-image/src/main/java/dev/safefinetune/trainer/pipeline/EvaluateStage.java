package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JudgeSettings;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.evaluate.AddedSuites;
import dev.safefinetune.trainer.evaluate.EvaluationListener;
import dev.safefinetune.trainer.evaluate.ModelSubject;
import dev.safefinetune.trainer.evaluate.SafetyEvaluation;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.evaluate.SuitePart;
import dev.safefinetune.trainer.evaluate.judge.JudgeModel;
import dev.safefinetune.trainer.evaluate.judge.PinnedJudge;
import dev.safefinetune.trainer.evaluate.shape.Shapes;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Judges the merged result alone; the vector is not mounted here. Whatever goes wrong means: not verified. */
final class EvaluateStage {
    private final StageTask.Evaluate task;
    private final StageContext context;
    private final Scratch scratch;
    private final StageRepair repair;
    private int measured;

    EvaluateStage(StageTask.Evaluate task, StageContext context) {
        this.task = task;
        this.context = context;
        this.scratch = context.scratch(task.scratch());
        this.repair = new StageRepair(context, scratch, task.inputs());
    }

    StageOutput run() {
        List<String> needed = new ArrayList<>(List.of(Inputs.MODEL, Inputs.SECURED, Inputs.TRAINING_RECORD));
        if (task.controlArm()) {
            needed.add(Inputs.PLAIN);
        }
        for (int k = 1; k <= suites(); k++) {
            needed.add(Inputs.numbered(Inputs.PROMPTS, k));
            if (has(Inputs.numbered(Inputs.UTILITY, k))) {
                needed.add(Inputs.numbered(Inputs.UTILITY, k));
            }
        }
        if (task.judge() != null) {
            needed.add(Inputs.JUDGE);
        }
        for (String shapes : List.of(Inputs.SHAPES, Inputs.DROP_SHAPES)) {
            if (has(shapes)) {
                needed.add(shapes);
            }
        }
        needed.add(Inputs.SOURCES);
        if (repairs()) {
            needed.addAll(repair.needed());
            repair.clear();
        }
        needed.forEach(name -> scratch.verify(task.inputs(), name));
        // An operator that cannot be reached is no verdict: the stage is tried again.
        PlatformSuites platform = PlatformSuites.fetch(task.served(), context.operator(), task.provenSuites());
        SafetyReport report = judge(platform);
        DurableFiles.write(scratch.report(), ContractJson.write(report));
        context.log()
                .event(
                        "judged",
                        "verdict",
                        report.verdict(),
                        "findings",
                        report.findings().size());
        return new StageOutput(scratch.state(stated(report)).plus(kept(report)), report.figures());
    }

    /** A repaired model that has failed again is not stated, and does not stay. */
    private List<String> stated(SafetyReport report) {
        List<String> artifacts = new ArrayList<>(List.of(Inputs.REPORT));
        if (report.repair() != null && report.verdict() == Verdict.PASSED) {
            artifacts.addAll(repair.artifacts());
        } else if (repairs()) {
            repair.clear();
        }
        return artifacts;
    }

    private boolean repairs() {
        return task.thresholds().repairs();
    }

    /** The scratch volume goes with the run, and nobody is to ask in vain why a model was refused. */
    private Inputs kept(SafetyReport report) {
        Target refusal = task.refusal();
        if (report.verdict() == Verdict.PASSED || refusal == null) {
            return Inputs.of(Map.of());
        }
        try {
            Digest digest = RefusalReport.write(context.destination(refusal), report);
            context.log().event("report kept", "uri", refusal.uri(), "digest", digest);
            return Inputs.of(Map.of(Inputs.REFUSAL, digest));
        } catch (TrainerException e) {
            // The model is refused all the same.
            context.log().event("report not kept", "uri", refusal.uri(), "fault", e.fault());
            return Inputs.of(Map.of());
        }
    }

    private SafetyReport judge(PlatformSuites platform) {
        try {
            if (platform.isEmpty()) {
                return judge(own());
            }
            requireStated(platform);
            Suite first = SuitePart.join(platform.suites()).in(shapes().asked());
            boolean proved = platform.suites().stream().allMatch(SuitePart.Source::proved);
            SafetyReport report = judge(new Asked(first, proved));
            if (suites() == 0) {
                return report;
            }
            boolean repaired = report.repair() != null && report.verdict() == Verdict.PASSED;
            Asked added = own();
            Path model = repaired ? scratch.repairedModel() : scratch.secured();
            return new AddedSuites(report, first.parts())
                    .with(
                            judged(added, added.suite(), model).report(),
                            added.suite().parts());
        } catch (TrainerException e) {
            throw e.fault() == Fault.NOT_VERIFIED
                    ? e
                    : new TrainerException(Fault.NOT_VERIFIED, "safety could not be judged: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new TrainerException(
                    Fault.NOT_VERIFIED,
                    "safety could not be judged: " + e.getClass().getSimpleName(),
                    e);
        }
    }

    /**
     * What is asked by itself.
     *
     * @param proved whether the run's vectors have shown that it sees a model that complies
     */
    private record Asked(Suite suite, boolean proved) {}

    private SafetyReport judge(Asked asked) {
        return repairs()
                ? new RepairOnce(
                                scratch.secured(),
                                scratch.repairedModel(),
                                (part, model) -> judged(asked, part, model),
                                repair::run)
                        .judge(asked.suite(), context.log())
                : judged(asked, asked.suite(), scratch.secured()).report();
    }

    /** The data were held against what Prepare has read: another suite may be what was trained on. */
    private void requireStated(PlatformSuites platform) {
        platform.digests().values().forEach(digest -> {
            if (!task.inputs().digests().containsValue(digest)) {
                throw new TrainerException(
                        Fault.NOT_VERIFIED,
                        "the platform's suite " + digest + " is none that the run was prepared with");
            }
        });
    }

    private @Nullable PinnedJudge pinnedJudge(Placement placement) {
        JudgeSettings settings = task.judge();
        if (settings == null) {
            if (has(Inputs.JUDGE)) {
                throw new TrainerException(
                        Fault.NOT_VERIFIED, "Prepare took in a judge, and nobody says how to ask it");
            }
            return null;
        }
        return new PinnedJudge(
                task.inputs().get(Inputs.JUDGE), settings, () -> JudgeModel.open(scratch.judge(), placement, settings));
    }

    private SafetyEvaluation.Judged judged(Asked asked, Suite suite, Path model) {
        Placement placement = Models.judging(context.devices());
        SafetyEvaluation evaluation = new SafetyEvaluation(
                suite,
                () -> ModelSubject.open(scratch.model(), placement),
                task.controlArm() ? () -> ModelSubject.open(scratch.plain(), placement) : null,
                () -> ModelSubject.open(model, placement),
                task.thresholds(),
                task.seed(),
                pinnedJudge(placement));
        return evaluation.judged(
                new SafetyEvaluation.Circumstances(
                        context.run(),
                        Sources.read(scratch.sources())
                                .materials(model.equals(scratch.secured()) ? task.inputs() : repair.repaired()),
                        TrainedRecord.read(scratch.record()).training(),
                        asked.proved()),
                new EvaluationListener() {
                    @Override
                    public void begins(String arm) {
                        begin(arm);
                    }

                    @Override
                    public void asked(double share) {
                        context.progress().reached(share);
                    }
                });
    }

    private void begin(String arm) {
        int once = (task.controlArm() ? 3 : 2) + (task.judge() == null ? 0 : 1);
        int besides = task.served() == null || suites() == 0 ? 0 : once;
        int arms = once * (repairs() ? 2 : 1) + besides;
        context.progress().begin(arm, 100 * measured / arms, 100 * (measured + 1) / arms);
        measured++;
    }

    /** Beside the platform's; without these at least one is needed, and is asked for where the prepare stage has left none. */
    private int suites() {
        return Math.max(task.served() == null ? 1 : 0, task.inputs().count(Inputs.PROMPTS));
    }

    private boolean suiteProved() {
        return IntStream.rangeClosed(1, suites()).allMatch(this::isProved);
    }

    private boolean isProved(int suite) {
        List<Digest> proven = task.provenSuites();
        return proven != null && proven.contains(task.inputs().get(Inputs.numbered(Inputs.PROMPTS, suite)));
    }

    private Asked own() {
        return new Asked(suite(), suiteProved());
    }

    private Suite suite() {
        SortedMap<String, String> uris = Sources.read(scratch.sources()).uris();
        List<SuitePart.Source> sources = new ArrayList<>();
        for (int k = 1; k <= suites(); k++) {
            String prompts = Inputs.numbered(Inputs.PROMPTS, k);
            String utility = Inputs.numbered(Inputs.UTILITY, k);
            Dataset asked = DatasetReader.readWritten(scratch.file(prompts));
            sources.add(new SuitePart.Source(
                    new Dataset(uris.getOrDefault(prompts, prompts), asked.samples()),
                    has(utility) ? DatasetReader.readWritten(scratch.file(utility)) : null,
                    isProved(k)));
        }
        return SuitePart.join(sources).in(shapes().asked());
    }

    /** None in runs that an earlier release prepared. */
    private Shapes shapes() {
        Shapes prepared = has(Inputs.SHAPES) ? Shapes.read(scratch.shapes()) : Shapes.NONE;
        return has(Inputs.DROP_SHAPES) ? Shapes.read(scratch.dropShapes()).plus(prepared) : prepared;
    }

    private boolean has(String artifact) {
        return task.inputs().digests().containsKey(artifact);
    }
}
