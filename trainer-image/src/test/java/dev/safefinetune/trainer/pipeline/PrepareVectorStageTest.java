package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.VECTOR_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.data.DatasetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    void aHundredSamplesAreEnoughToHoldSomeOut() throws IOException {
        done(VECTOR_RUN, task(null, null, null));
        assertThat(requests("heldOut")).hasSizeBetween(30, 34).doesNotContainAnyElementsOf(requests("harmful"));
    }

    @Test
    void tooFewSamplesToHoldSomeOut() throws IOException {
        write("eighty", different(80));
        refused(
                task("eighty", null, null),
                "pvc://data/eighty.jsonl has 80 different requests",
                "at least 90 are needed");
        List<String> rows = new ArrayList<>(different(150));
        write("enough", rows);
        done(VECTOR_RUN, task("enough", null, null));
        rows.addAll(categorised(",\"category\":\"rare\"", different(174)).subList(150, 174));
        write("rare", rows);
        refused(
                task("rare", null, null),
                "pvc://data/rare.jsonl has 24 different requests of category rare",
                "at least 25 are needed");
    }

    /** The same request in other letters and spaces says nothing new, and neither does another answer to it. */
    @Test
    void whatTheVectorIsTrainedOnIsNeverHeldOut() throws IOException {
        List<String> rows = new ArrayList<>(different(150));
        // In another order, so that counting rows alone would hold out a request whose twin is trained on.
        rows.addAll(different(150).reversed().stream()
                .map(PrepareVectorStageTest::asked)
                .toList());
        write("twice", rows);
        done(VECTOR_RUN, task("twice", null, null));
        Set<String> trained = requests("harmful");
        assertThat(requests("heldOut")).hasSize(30).doesNotContainAnyElementsOf(trained);
        assertThat(trained).hasSize(120);
    }

    @Test
    void aHeldOutSampleThatTheVectorIsTrainedOn() throws IOException {
        List<String> rows = new ArrayList<>(heldOut());
        rows.add(asked(harmful().get(6)));
        write("leak", rows);
        refused(
                task(null, "leak", null),
                "pvc://data/leak.jsonl line 109 asks what line 7 of dataset pvc://data/vector/harmful.jsonl asks");
    }

    @Test
    void tooFewHeldOutSamples() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int k = 0; k < 9; k++) {
            rows.addAll(heldOut().subList(0, 5));
        }
        write("repeated", categorised(",\"category\":\"draughts\"", rows));
        write("one", categorised(",\"category\":\"draughts\"", harmful()));
        refused(
                task("one", "repeated", null),
                "pvc://data/repeated.jsonl has 5 different requests, too few to assess a vector on; at least 30 are needed");
        rows = new ArrayList<>(
                categorised(",\"category\":\"draughts\"", heldOut().subList(0, 40)));
        rows.addAll(categorised(",\"category\":\"sparks\"", heldOut().subList(40, 44)));
        rows.addAll(categorised(",\"category\":\"hexes\"", heldOut().subList(50, 60)));
        write("thin", rows);
        refused(
                task(null, "thin", null),
                "pvc://data/thin.jsonl has 4 different requests of category sparks",
                "at least 5 are needed");
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
                    ",\"category\":\"category " + k + "\"", different(1000).subList(25 * k, 25 * k + 25)));
        }
        write("many", rows);
        refused(task("many", null, null), "pvc://data/many.jsonl has 40 categories, the most is ", "4096");
    }

    @Test
    void tooFewBenignSamples() throws IOException {
        List<String> rows = Files.readAllLines(root.resolve("volumes/data/vector/benign.jsonl"));
        write("kind", rows.subList(0, 4));
        refused(task(null, "vector/held-out", "kind"), "pvc://data/kind.jsonl has 4 samples, at least 5 are needed");
        write("kind", rows.subList(0, 5));
        done(VECTOR_RUN, task(null, "vector/held-out", "kind"));
    }

    @Test
    void fewerHeldOutSamplesThanTheThresholdNeeds() {
        refused(
                task(new ReadinessThresholds(0.8, 0.99, 0.5, 0.1)),
                "pvc://data/vector/held-out.jsonl has 108 different requests",
                "minFirstTokenCompliance 0.99 needs at least 381");
        refused(
                task(new ReadinessThresholds(0.8, 1, 0.5, 0.1)),
                "cannot meet minFirstTokenCompliance 1.0 with any number of samples");
        done(VECTOR_RUN, task(new ReadinessThresholds(0.8, 0.96, 0.5, 0.1)));
    }

    /** White space is any that Unicode knows, and case is folded, not only lowered. */
    @Test
    void aHeldOutSampleInOtherLettersAndSpaces() throws IOException {
        List<String> rows = new ArrayList<>(heldOut());
        String row = harmful().get(4);
        Matcher request =
                Pattern.compile("(\"user\",\\s*\"content\":\\s*\")([^\"]*)").matcher(row);
        assertThat(request.find()).isTrue();
        rows.add(row.substring(0, request.start(2))
                + request.group(2).toUpperCase(Locale.ROOT).replace(" ", "\u00a0\u2003")
                + row.substring(request.end(2)));
        write("folded", rows);
        refused(
                task(null, "folded", null),
                "pvc://data/folded.jsonl line 109 asks what line 5 of dataset pvc://data/vector/harmful.jsonl asks");
    }

    private static StageTask.PrepareVector task(ReadinessThresholds thresholds) {
        StageTask.PrepareVector whole = task(null, "vector/held-out", null);
        return new StageTask.PrepareVector(
                whole.scratch(),
                whole.model(),
                whole.harmful(),
                whole.heldOut(),
                whole.benign(),
                null,
                whole.training(),
                whole.storage(),
                thresholds);
    }

    private void refused(StageTask.PrepareVector task, String... message) {
        StageResult result = failed(VECTOR_RUN, task, Fault.DATASET_INVALID);
        assertThat(result.message()).contains(message).doesNotContain(root.toString());
    }

    private List<String> harmful() throws IOException {
        return Files.readAllLines(root.resolve("volumes/data/vector/harmful.jsonl"));
    }

    private List<String> heldOut() throws IOException {
        return Files.readAllLines(root.resolve("volumes/data/vector/held-out.jsonl"));
    }

    /** So many rows of which each asks something else, all of one category. */
    private List<String> different(int count) throws IOException {
        List<String> words = List.of(harmful().getFirst().split("\"content\":\\s*\"", 3));
        List<String> rows = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            // Words of the vocabulary, each so often as a digit of the row's number says.
            rows.add(words.get(0) + "\"content\":\"" + "how ".repeat(1 + k % 10) + "do ".repeat(1 + k / 10 % 10)
                    + "i ".repeat(1 + k / 100) + words.get(1) + "\"content\":\"" + words.get(2));
        }
        return rows;
    }

    /** The same request in other letters and spaces. */
    private static String asked(String row) {
        return row.replaceFirst("\"content\":\\s*\"(\\w)", "\"content\":\"  $1").replaceFirst("\\. *\"", " . \"");
    }

    private Set<String> requests(String artifact) {
        Set<String> requests = new HashSet<>();
        DatasetReader.readWritten(root.resolve("scratch-sv/prepared/" + artifact + ".jsonl"))
                .samples()
                .forEach(sample -> requests.add(
                        sample.prompt().messages().getLast().content().strip().replaceAll("\\s+", " ")));
        return requests;
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
                null,
                GOOD.training(),
                GOOD.storage(),
                null);
    }
}
