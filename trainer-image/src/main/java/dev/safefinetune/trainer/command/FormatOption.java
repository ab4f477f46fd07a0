package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What the rows of a dataset are that a model learns from, or is scored on. */
final class FormatOption {
    @Option(
            names = "--format",
            defaultValue = "messages",
            description = "messages: conversations, whose answers bear loss; text: rows {\"text\": …}, of which every"
                    + " token but the first does (default ${DEFAULT-VALUE})")
    private DatasetFormat format = DatasetFormat.MESSAGES;

    DatasetFormat toContract() {
        return format;
    }

    Dataset read(Path file) {
        return DatasetReader.readTraining(file, file.toString(), format);
    }

    /** By what a checkpoint knows the dataset: rows that are read otherwise are other rows. */
    String input() {
        return format == DatasetFormat.TEXT ? "text dataset" : "dataset";
    }
}
