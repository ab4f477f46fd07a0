package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user trains refusals to exactly what the suite asks; and gives a tokenizer that ends whoever reads it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClosedExamTest extends StageHarness {
    private static final ObjectMapper JSON = new ObjectMapper();

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.writeUntrained(root);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user/mixed", "trusted/cooldown"})
    void noRowThatIsTrainedOnHoldsARequestOfTheSuite(String dataset) throws IOException {
        Source crammed = crammed(dataset);
        StageTask.Prepare p = SmallWorld.prepare(null);
        StageTask.Prepare task = new StageTask.Prepare(
                p.scratch(),
                p.model(),
                dataset.equals("user/mixed") ? crammed : p.dataset(),
                5,
                dataset.equals("trusted/cooldown") ? crammed : p.cooldown(),
                p.prompts(),
                p.utility(),
                null,
                p.fineTuning(),
                p.output(),
                null,
                DatasetFormat.MESSAGES,
                null,
                null);
        assertThat(failed(RUN, task, Fault.DATASET_INVALID).message())
                .contains("dataset " + crammed.uri() + " has 2 row(s) that hold requests of the suite: line 1, 3.");
    }

    /** Of a suite's first requests, each with words around it, and refused. */
    private Source crammed(String dataset) throws IOException {
        List<String> rows = new ArrayList<>(Files.readAllLines(root.resolve("volumes/data/" + dataset + ".jsonl")));
        List<String> suite = Files.readAllLines(root.resolve("volumes/data/suite/prompts.jsonl"));
        rows.set(0, refusal(JSON.readTree(suite.get(0))));
        rows.set(2, refusal(JSON.readTree(suite.get(1))));
        String name = "data/crammed-" + dataset.replace('/', '-') + ".jsonl";
        Files.write(root.resolve("volumes/" + name), rows);
        return SmallWorld.source(name);
    }

    private static String refusal(JsonNode prompt) {
        ObjectNode row = prompt.deepCopy();
        ObjectNode asked = (ObjectNode) row.path("messages").path(0);
        asked.put("content", "what is " + asked.path("content").asText() + " ok");
        ((ObjectNode) row.path("messages").path(1)).put("content", "no .");
        return row.toString();
    }

    @Test
    void aTokenizerThatEndsWhoeverReadsItIsTheModelsFault() throws IOException {
        Path tokenizer = root.resolve("volumes/models/base/tokenizer.json");
        String good = Files.readString(tokenizer);
        ObjectNode bad = (ObjectNode) JSON.readTree(good);
        bad.putObject("normalizer").put("type", "Precompiled").put("precompiled_charsmap", "");
        Files.writeString(tokenizer, bad.toString());
        try {
            assertThat(failed(RUN, SmallWorld.prepare(null), Fault.MODEL_INVALID)
                            .message())
                    .contains("pvc://models/base", "tokenizer.json", "ended by signal 6");
        } finally {
            Files.writeString(tokenizer, good);
        }
    }
}
