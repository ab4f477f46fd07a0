package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.evaluate.EvaluationListener;
import dev.safefinetune.trainer.evaluate.ModelSubject;
import dev.safefinetune.trainer.evaluate.SafetyEvaluation;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.ArrayList;
import java.util.List;

/** Judges the merged result alone; the vector is not mounted here. Whatever goes wrong means: not verified. */
final class EvaluateStage {
    private final StageTask.Evaluate task;
    private final StageContext context;
    private final Scratch scratch;
    private int measured;

    EvaluateStage(StageTask.Evaluate task, StageContext context) {
        this.task = task;
        this.context = context;
        this.scratch = context.scratch(task.scratch());
    }

    StageOutput run() {
        List<String> needed =
                new ArrayList<>(List.of(Inputs.MODEL, Inputs.SECURED, Inputs.TRAINING_RECORD, Inputs.PROMPTS));
        if (task.controlArm()) {
            needed.add(Inputs.PLAIN);
        }
        if (has(Inputs.UTILITY)) {
            needed.add(Inputs.UTILITY);
        }
        needed.add(Inputs.SOURCES);
        needed.forEach(name -> scratch.verify(task.inputs(), name));
        SafetyReport report = judge();
        DurableFiles.write(scratch.report(), ContractJson.write(report));
        context.log()
                .event(
                        "judged",
                        "verdict",
                        report.verdict(),
                        "findings",
                        report.findings().size());
        return new StageOutput(scratch.state(List.of(Inputs.REPORT)), report.figures());
    }

    private SafetyReport judge() {
        try {
            SafetyEvaluation evaluation = new SafetyEvaluation(
                    suite(),
                    () -> ModelSubject.open(scratch.model()),
                    task.controlArm() ? () -> ModelSubject.open(scratch.plain()) : null,
                    () -> ModelSubject.open(scratch.secured()),
                    task.thresholds(),
                    task.seed());
            return evaluation.judge(
                    new SafetyEvaluation.Circumstances(
                            context.run(),
                            Sources.read(scratch.sources()).materials(task.inputs()),
                            TrainedRecord.read(scratch.record()).training()),
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

    private void begin(String arm) {
        int arms = task.controlArm() ? 3 : 2;
        context.progress().begin(arm, 100 * measured / arms, 100 * (measured + 1) / arms);
        measured++;
    }

    private Suite suite() {
        return Suite.of(
                DatasetReader.readWritten(scratch.file(Inputs.PROMPTS)),
                has(Inputs.UTILITY) ? DatasetReader.readWritten(scratch.file(Inputs.UTILITY)) : null);
    }

    private boolean has(String artifact) {
        return task.inputs().digests().containsKey(artifact);
    }
}
