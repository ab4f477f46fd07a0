package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.RepairReport;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The repair of a run's model, on the run's own volume. The trained model stays as it is, so that a stage that was ended
 * begins with it again; the repaired one lies beside it, with a record of its own for the publish stage.
 */
final class StageRepair {
    private final StageContext context;
    private final Scratch scratch;
    private final Inputs inputs;

    StageRepair(StageContext context, Scratch scratch, Inputs inputs) {
        this.context = context;
        this.scratch = scratch;
        this.inputs = inputs;
    }

    /** What the stage needs for it beside what it judges. */
    List<String> needed() {
        List<String> needed = new ArrayList<>(List.of(Inputs.REPAIR_ANSWERS, Inputs.DATASET));
        if (isAdapter()) {
            needed.add(Inputs.ADAPTER);
        }
        return needed;
    }

    private boolean isAdapter() {
        return inputs.digests().containsKey(Inputs.ADAPTER);
    }

    /** Removes what an earlier attempt of the stage, or a repair that was in vain, left. */
    void clear() {
        DurableFiles.deleteTree(scratch.repaired());
    }

    /** Repairs the trained model. */
    RepairReport.Training run() {
        clear();
        context.progress().activity("repairing");
        TrainedRecord trained = TrainedRecord.read(scratch.record());
        FineTuning settings = trained.training().fineTuning();
        Path adapterOut = isAdapter() ? scratch.repairedAdapter() : null;
        RepairRun.Result result = repair(settings, RepairRun.anchorWeight(trained.training()))
                .run(
                        scratch.repairedModel(),
                        adapterOut == null ? null : AdapterPlace.of(scratch, adapterOut),
                        context.progress(),
                        context.log());
        PublicationProof proof = trained.proof();
        // The share of the vector is the trained model's: no vector was near since.
        PublicationProof repaired = new PublicationProof(
                proof.base(),
                ModelDirectory.digest(scratch.repairedModel()),
                adapterOut == null ? null : ModelDirectory.digest(adapterOut),
                proof.vectorTensors(),
                proof.vectorShare(),
                result.merged(),
                proof.precision(),
                result.attached());
        new TrainedRecord(trained.training(), repaired).write(scratch.repairedRecord());
        return result.training();
    }

    private RepairRun repair(FineTuning settings, double anchorWeight) {
        int limit = settings.hyperparameters().maxSequenceLength();
        try (ChatTokenizer tokenizer = ChatTokenizer.open(scratch.model())) {
            List<EncodedSample> train =
                    tokenizer.encode(DatasetReader.readWritten(scratch.file(Inputs.DATASET)), limit);
            return new RepairRun(
                    scratch.model(),
                    scratch.secured(),
                    isAdapter() ? scratch.adapter() : null,
                    settings,
                    Replay.read(scratch.file(Inputs.REPAIR_ANSWERS)).encode(tokenizer, limit),
                    anchorWeight,
                    Reloaded.probes(train),
                    context.devices().getFirst());
        }
    }

    /** The inputs as they are once the repaired model is what is judged. */
    Inputs repaired() {
        Map<String, Digest> digests = new TreeMap<>(Map.of(Inputs.SECURED, scratch.digest(Inputs.REPAIRED)));
        if (isAdapter()) {
            digests.put(Inputs.ADAPTER, scratch.digest(Inputs.REPAIRED_ADAPTER));
        }
        return inputs.plus(Inputs.of(digests));
    }

    /** What the stage states of a repaired model that has passed: from here on it is the one that can be published. */
    List<String> artifacts() {
        List<String> artifacts = new ArrayList<>(List.of(Inputs.REPAIRED, Inputs.REPAIRED_RECORD));
        if (isAdapter()) {
            artifacts.add(Inputs.REPAIRED_ADAPTER);
        }
        return artifacts;
    }
}
