package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.VECTOR_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong with the samples that a vector is made from, found before it is trained. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrepareVectorStageTest extends StageHarness {
    private static final StageTask.PrepareVector GOOD = SmallWorld.prepareVector();

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.writeUntrained(root);
    }

    @Test
    void tooFewHarmfulSamples() throws IOException {
        write("few", harmful().subList(0, 29));
        refused(task("few", null, null), "pvc://data/few.jsonl has 29 samples, a vector needs at least 30");
    }

    @Test
    void harmfulSamplesWithoutACategory() throws IOException {
        write("bare", categorised("", harmful()));
        refused(task("bare", null, null), "pvc://data/bare.jsonl line 1 has no category");
    }

    @Test
    void aCategoryWithTooFewSamplesToHoldOneOut() throws IOException {
        List<String> rows = new ArrayList<>(harmful());
        rows.addAll(categorised(",\"category\":\"rare\"", harmful().subList(0, 4)));
        write("rare", rows);
        refused(task("rare", null, null), "pvc://data/rare.jsonl has 4 samples of category rare", "at least 5");
    }

    @Test
    void aCategoryThatNoHeldOutSampleHas() throws IOException {
        List<String> rows = new ArrayList<>(harmful());
        rows.addAll(categorised(",\"category\":\"missed\"", harmful().subList(0, 9)));
        write("more", rows);
        write("held", harmful());
        refused(
                task("more", "held", null),
                "pvc://data/held.jsonl has no sample of category missed, which dataset pvc://data/more.jsonl has");
    }

    @Test
    void moreCategoriesThanAResultCanTellOf() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int k = 0; k < 40; k++) {
            rows.addAll(categorised(
                    ",\"category\":\"category " + k + "\"", harmful().subList(0, 5)));
        }
        write("many", rows);
        refused(task("many", null, null), "pvc://data/many.jsonl has 40 categories, the most is ", "4096");
    }

    @Test
    void tooFewBenignSamples() throws IOException {
        List<String> rows = Files.readAllLines(root.resolve("volumes/data/vector/benign.jsonl"));
        write("kind", rows.subList(0, 4));
        refused(task(null, null, "kind"), "pvc://data/kind.jsonl has 4 samples, at least 5 are needed");
        write("kind", rows.subList(0, 5));
        done(VECTOR_RUN, task(null, null, "kind"));
    }

    private void refused(StageTask.PrepareVector task, String... message) {
        StageResult result = failed(VECTOR_RUN, task, Fault.DATASET_INVALID);
        assertThat(result.message()).contains(message).doesNotContain(root.toString());
    }

    private List<String> harmful() throws IOException {
        return Files.readAllLines(root.resolve("volumes/data/vector/harmful.jsonl"));
    }

    private static List<String> categorised(String category, List<String> rows) {
        return rows.stream()
                .map(r -> r.replaceAll(",\\s*\"category\":\\s*\"[^\"]*\"", category))
                .toList();
    }

    private void write(String name, List<String> rows) throws IOException {
        Files.write(root.resolve("volumes/data/" + name + ".jsonl"), rows);
    }

    private static StageTask.PrepareVector task(
            @Nullable String harmful, @Nullable String heldOut, @Nullable String benign) {
        return new StageTask.PrepareVector(
                GOOD.scratch(),
                GOOD.model(),
                harmful == null ? GOOD.harmful() : SmallWorld.source("data/" + harmful + ".jsonl"),
                heldOut == null ? null : SmallWorld.source("data/" + heldOut + ".jsonl"),
                benign == null ? GOOD.benign() : SmallWorld.source("data/" + benign + ".jsonl"),
                GOOD.training(),
                GOOD.storage());
    }
}
