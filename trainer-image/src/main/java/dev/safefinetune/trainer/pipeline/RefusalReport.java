package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.trainer.evaluate.report.HtmlReport;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The report of a refused model, in a directory that nobody can take for a model: it holds no file of one, and none of the
 * names that a published model's report has.
 */
final class RefusalReport {
    static final String REPORT = "refused.json";

    /** The same for people. */
    static final String PAGE = "refused.html";

    private RefusalReport() {}

    /**
     * Removes the directory in which the report would have been kept, where there is none in it: whoever mounts it for a
     * judgement has made it.
     *
     * @param output of the model that has passed
     */
    static void tidy(Path output) {
        try {
            Files.deleteIfExists(output.resolveSibling(output.getFileName() + ".refused"));
        } catch (IOException e) {
            // Reports of earlier runs are in it, or it is not ours: it may stay.
        }
    }

    /**
     * Writes it, whole or not at all.
     *
     * @return digest of the report
     * @throws TrainerException where it cannot be written there
     */
    static Digest write(Path target, SafetyReport report) {
        Destination.REFUSAL.write(
                target,
                directory -> {
                    DurableFiles.write(directory.resolve(REPORT), ContractJson.writePretty(report) + "\n");
                    DurableFiles.write(directory.resolve(PAGE), HtmlReport.of(report));
                    DurableFiles.write(directory.resolve("README.md"), """
                            # A refused model

                            This is no model: the fine-tune that was judged here was refused, and nothing of it was
                            published. `%s` says what was measured and what spoke against it, `%s` shows the same.
                            """.formatted(REPORT, PAGE));
                },
                manifest -> {});
        return Digests.ofFile(target.resolve(REPORT));
    }
}
