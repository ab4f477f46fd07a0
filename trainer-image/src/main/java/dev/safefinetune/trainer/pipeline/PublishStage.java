package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.PublishedFiles;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.evaluate.report.HtmlReport;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.publish.AdapterProof;
import dev.safefinetune.trainer.publish.ModelBill;
import dev.safefinetune.trainer.publish.ModelCard;
import dev.safefinetune.trainer.publish.VectorAbsence;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.SafetensorsFile;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Publishes what was judged: the files of the training stage, reloaded and compared with what was trained, proven free of
 * the vector, with card and report. Nothing appears under the output's name before all of that has passed.
 */
final class PublishStage {
    static final String REPORT = PublishedFiles.REPORT;

    /** The same for people. */
    static final String PAGE = PublishedFiles.PAGE;

    private final StageTask.Publish task;
    private final StageContext context;
    private final Scratch scratch;

    PublishStage(StageTask.Publish task, StageContext context) {
        this.task = task;
        this.context = context;
        this.scratch = context.scratch(task.scratch());
    }

    StageOutput run() {
        context.progress().begin("checking", 0, 30);
        boolean repaired = task.inputs().isRepaired();
        for (String name : List.of(
                Inputs.MODEL,
                Inputs.DATASET,
                judgedModel(),
                repaired ? Inputs.REPAIRED_RECORD : Inputs.TRAINING_RECORD,
                Inputs.REPORT,
                Inputs.SOURCES)) {
            scratch.verify(task.inputs(), name);
        }
        SafetyReport report = passedReport();
        TrainedRecord record = TrainedRecord.read(repaired ? scratch.repairedRecord() : scratch.record());
        requireJudged(record.proof());
        context.progress().begin("publishing", 30, 100);
        Path target = context.destination(task.output());
        Destination.MODEL.writeJudged(
                target,
                task.judged(),
                directory -> {
                    ModelDirectory.copy(scratch.artifact(task.judgedArtifact()), directory);
                    check(directory, record.proof());
                    describe(directory, report.publishedAt(task.output().uri(), task.judged(), task.content()));
                    context.log().event("checked", "directory", directory.getFileName());
                },
                context::sign);
        RefusalReport.tidy(target);
        return published(target);
    }

    private void describe(Path directory, SafetyReport published) {
        DurableFiles.write(directory.resolve(REPORT), ContractJson.writePretty(published) + "\n");
        DurableFiles.write(directory.resolve(PAGE), HtmlReport.of(published));
        DurableFiles.write(
                directory.resolve(PublishedFiles.CARD),
                ModelCard.of(published, task.content(), task.output().uri()));
        DurableFiles.write(
                directory.resolve(PublishedFiles.BILL),
                ModelBill.of(published, task.content(), task.output().uri(), Digests.listing(directory, name -> true)));
    }

    /** The whole model that was judged, whatever is published of it. */
    private String judgedModel() {
        return task.inputs().isRepaired() ? Inputs.REPAIRED : Inputs.SECURED;
    }

    private boolean merged() {
        return task.content() == PublishedContent.MERGED;
    }

    /** What lies here, and what the training stage has proven something of, is what was judged. */
    private void requireJudged(PublicationProof proof) {
        if (!merged() && proof.adapter() == null) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID, "a full fine-tune has no adapter; publish content Merged instead");
        }
        if (!merged()) {
            scratch.verify(task.inputs(), task.judgedArtifact());
        }
        Digest expected = merged() ? proof.model() : proof.adapter();
        if (!task.judged().equals(expected)) {
            throw new TrainerException(
                    Fault.ARTIFACT_CHANGED,
                    "what was judged has digest " + task.judged() + ", the record of its training states " + expected);
        }
    }

    private StageOutput published(Path target) {
        Digest digest = task.judged();
        context.log().event("published", "uri", task.output().uri(), "digest", digest);
        StageFigures figures = new StageFigures.Publication(
                task.output().uri(), digest, Digests.ofFile(target.resolve(REPORT)), bytes(target));
        return new StageOutput(Inputs.of(java.util.Map.of()), figures);
    }

    static long bytes(Path directory) {
        return Digests.files(directory).stream()
                .mapToLong(name -> {
                    try {
                        return Files.size(directory.resolve(name));
                    } catch (IOException e) {
                        throw TrainerException.storage("read", directory.resolve(name), e);
                    }
                })
                .sum();
    }

    /** The report's verdict, on exactly the model that lies here. */
    private SafetyReport passedReport() {
        SafetyReport report;
        try {
            report = ContractJson.read(Files.readString(scratch.report()), SafetyReport.class);
        } catch (IOException e) {
            throw TrainerException.storage("read", scratch.report(), e);
        }
        SafetyReport.Material judged = report.materials().get(Inputs.SECURED);
        if (report.verdict() != Verdict.PASSED
                || judged == null
                || !judged.digest().equals(task.inputs().get(judgedModel()))
                || (report.repair() != null) != task.inputs().isRepaired()) {
            throw new TrainerException(
                    Fault.PUBLISH_CHECK_FAILED, "no passed evaluation of this very model lies on the scratch volume");
        }
        return report;
    }

    private void check(Path directory, PublicationProof proof) {
        List<EncodedSample> probes = probes();
        if (merged()) {
            ModelDirectory.inspect(directory);
            try (Checkpoint checkpoint = Checkpoint.open(directory);
                    CausalModel model = Models.load(directory, proof.precision())) {
                VectorAbsence.requireNoTensor(checkpoint.tensors(), proof.vectorTensors());
                Reloaded.requireSame(
                        "the published model",
                        proof.merged(),
                        scores(model, probes),
                        probes,
                        Reloaded.same(proof.precision()));
            }
        } else {
            try (SafetensorsFile file = SafetensorsFile.open(directory.resolve(ModelDirectory.ADAPTER_WEIGHTS));
                    CausalModel model = Models.load(scratch.model(), proof.precision());
                    Adapter adapter = Adapter.read(model, directory)) {
                VectorAbsence.requireNoTensor(file.tensors(), proof.vectorTensors());
                model.attach(adapter);
                List<Double> attached = proof.attached() == null ? List.of() : proof.attached();
                Reloaded.requireSame(
                        "the published adapter",
                        attached,
                        scores(model, probes),
                        probes,
                        Reloaded.same(proof.precision()));
                AdapterProof.require(scratch.model(), directory, adapter.layers(), scratch.artifact(judgedModel()));
            }
        }
        Double share = proof.vectorShare();
        if (share != null) {
            VectorAbsence.requireNoShare("the model", share);
        }
    }

    private static List<Double> scores(CausalModel model, List<EncodedSample> probes) {
        return Reloaded.scores(model, probes);
    }

    private List<EncodedSample> probes() {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(scratch.model())) {
            return DatasetReader.readWritten(scratch.file(Inputs.DATASET)).samples().stream()
                    .limit(PublicationProof.PROBES)
                    .map(s -> tokenizer.encode(s, Integer.MAX_VALUE))
                    .toList();
        }
    }
}
