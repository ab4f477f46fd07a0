package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static dev.safefinetune.trainer.pipeline.SmallWorld.VECTOR_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tokenizer that knows a word which its model has no embedding of: native code would read beyond the table. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenIdsTest extends StageHarness {
    private static final int LINE = 7;

    @BeforeAll
    void aModelWhoseTokenizerKnowsOneWordMore(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.writeUntrained(root);
        Path file = root.resolve("volumes/models/base/tokenizer.json");
        ObjectNode tokenizer = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        ObjectNode words = (ObjectNode) tokenizer.path("model").path("vocab");
        words.put("CANARY", words.size());
        Files.writeString(file, tokenizer.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"user/mixed", "trusted/cooldown", "suite/prompts", "suite/utility"})
    void isRefusedByDatasetAndLineBeforeAFineTune(String dataset) throws IOException {
        StageTask.Prepare p = SmallWorld.prepare(null);
        Source changed = changed(dataset);
        refused(
                failed(
                        RUN,
                        new StageTask.Prepare(
                                p.scratch(),
                                p.model(),
                                dataset.equals("user/mixed") ? changed : p.dataset(),
                                5,
                                dataset.equals("trusted/cooldown") ? changed : p.cooldown(),
                                dataset.equals("suite/prompts") ? changed : p.prompts(),
                                dataset.equals("suite/utility") ? changed : p.utility(),
                                null,
                                p.fineTuning(),
                                p.output(),
                                null,
                                DatasetFormat.MESSAGES,
                                null,
                                null),
                        Fault.DATASET_INVALID),
                changed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector/harmful", "vector/held-out", "vector/benign"})
    void isRefusedByDatasetAndLineBeforeAVector(String dataset) throws IOException {
        StageTask.PrepareVector p = SmallWorld.prepareVector();
        Source changed = changed(dataset);
        refused(
                failed(
                        VECTOR_RUN,
                        new StageTask.PrepareVector(
                                p.scratch(),
                                p.model(),
                                dataset.equals("vector/harmful") ? changed : p.harmful(),
                                dataset.equals("vector/held-out") ? changed : null,
                                dataset.equals("vector/benign") ? changed : p.benign(),
                                null,
                                p.training(),
                                p.storage(),
                                null),
                        Fault.DATASET_INVALID),
                changed);
    }

    private static void refused(StageResult result, Source dataset) {
        assertThat(result.message())
                .contains(dataset.uri() + " line " + LINE + " has token id", "vocab_size")
                .doesNotContain("CANARY");
    }

    private Source changed(String dataset) throws IOException {
        List<String> rows = new ArrayList<>(Files.readAllLines(root.resolve("volumes/data/" + dataset + ".jsonl")));
        ObjectNode row = (ObjectNode) new ObjectMapper().readTree(rows.get(LINE - 1));
        ((ObjectNode) row.path("messages").path(0)).put("content", "CANARY");
        rows.set(LINE - 1, row.toString());
        String name = "data/changed-" + dataset.replace('/', '-') + ".jsonl";
        Files.write(root.resolve("volumes/" + name), rows);
        return SmallWorld.source(name);
    }
}
