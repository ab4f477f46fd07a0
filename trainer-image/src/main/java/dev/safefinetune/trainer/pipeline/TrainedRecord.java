package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the training stage leaves beside its models.
 *
 * @param training what happened, for the report
 * @param proof for the publish stage
 */
record TrainedRecord(TrainingReport training, PublicationProof proof) {
    static TrainedRecord read(Path file) {
        try {
            return ContractJson.read(Files.readString(file), TrainedRecord.class);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }

    void write(Path file) {
        DurableFiles.write(file, ContractJson.write(this));
    }
}
