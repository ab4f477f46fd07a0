package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a vector; lies beside its adapter as {@value #FILE}. Holds no text of any dataset.
 *
 * @param base digest of the model that it was trained for
 * @param vector digest of the adapter
 * @param floor mean loss of its own training samples with it on, in nats per answer token
 * @param training how its training went
 * @param readiness how it was judged; absent before that
 */
public record VectorCard(
        Digest base,
        Digest vector,
        double floor,
        TrainingReport.Curve training,
        StageFigures.@Nullable Readiness readiness) {
    public static final String FILE = "vector.json";

    static VectorCard read(Path file) {
        try {
            return ContractJson.read(Files.readString(file), VectorCard.class);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }

    void write(Path file) {
        DurableFiles.write(file, ContractJson.write(this));
    }

    /**
     * Checks that the base's own answers are those that the assessment made, where there was one.
     *
     * @throws TrainerException {@link Fault#ARTIFACT_CHANGED} when they are not
     */
    void requireReplay(Path file) {
        StageFigures.Readiness judged = readiness;
        if (judged != null
                && (judged.replay() == null || !judged.replay().digest().equals(Digests.ofFile(file)))) {
            throw new TrainerException(Fault.ARTIFACT_CHANGED, Replay.FILE + " changed after the assessment wrote it");
        }
    }

    /** The same with the judgement. */
    public VectorCard judged(StageFigures.Readiness figures) {
        return new VectorCard(base, vector, floor, training, figures);
    }
}
