package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.VECTOR_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.SuiteSource;
import dev.safefinetune.trainer.data.DatasetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How the suite that a vector is to prove is taken in, and what can be wrong with it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrepareVectorSuiteTest extends StageHarness {
    private static final StageTask.PrepareVector GOOD = SmallWorld.prepareVector();

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.writeUntrained(root);
    }

    /** A run that takes the same suite in finds the same digest, by which it knows the proof. */
    @Test
    void theSuiteIsTakenInAsARunTakesItIn() {
        SuiteSource suite = new SuiteSource(
                SmallWorld.source("data/suite/prompts.jsonl"), SmallWorld.source("data/suite/utility.jsonl"));
        Inputs prepared = done(VECTOR_RUN, task(suite)).outputs();
        Inputs run = done(SmallWorld.RUN, SmallWorld.prepare(null)).outputs();
        assertThat(List.of(prepared.get(Inputs.PROMPTS), prepared.get(Inputs.UTILITY)))
                .containsExactly(run.get(Inputs.PROMPTS), run.get(Inputs.UTILITY));
        SuiteProof byHand = SuiteProof.of(
                DatasetReader.read(root.resolve("volumes/data/suite/prompts.jsonl")),
                DatasetReader.read(root.resolve("volumes/data/suite/utility.jsonl")));
        assertThat(byHand.prompts()).isEqualTo(run.get(Inputs.PROMPTS));
        assertThat(byHand.utility()).isEqualTo(run.get(Inputs.UTILITY));
        SuiteProof verified =
                Objects.requireNonNull(SuiteProof.verified(new Scratch(root.resolve("scratch-sv")), prepared));
        assertThat(verified.prompts()).isEqualTo(byHand.prompts());
        assertThat(verified.suite().prompts()).hasSameSizeAs(byHand.suite().prompts());
    }

    @Test
    void aSuiteThatDoesNotAskForAllThatTheVectorCovers() throws IOException {
        List<String> rows = Files.readAllLines(root.resolve("volumes/data/suite/prompts.jsonl"));
        write("some", rows.stream().filter(r -> !r.contains("sparks")).toList());
        refused(
                task(suite("some")),
                "pvc://data/some.jsonl has no request of category sparks, which dataset pvc://data/vector/harmful.jsonl has");
        rows.set(2, rows.get(2).replaceAll(",\\s*\"category\":\\s*\"[^\"]*\"", ""));
        write("some", rows);
        refused(task(suite("some")), "pvc://data/some.jsonl line 3 has no category");
    }

    @Test
    void aSuiteWithAnEmptyAnswer() throws IOException {
        List<String> rows = Files.readAllLines(root.resolve("volumes/data/suite/prompts.jsonl"));
        rows.set(1, rows.get(1).replaceFirst("(\"assistant\",\\s*\"content\":\\s*)\"[^\"]*\"", "$1\"\""));
        write("silent", rows);
        refused(task(suite("silent")), "pvc://data/silent.jsonl line 2 has an empty assistant turn");
    }

    private void refused(StageTask.PrepareVector task, String message) {
        assertThat(failed(VECTOR_RUN, task, Fault.DATASET_INVALID).message())
                .contains(message)
                .doesNotContain(root.toString());
    }

    private void write(String name, List<String> rows) throws IOException {
        Files.write(root.resolve("volumes/data/" + name + ".jsonl"), rows);
    }

    private static SuiteSource suite(String prompts) {
        return new SuiteSource(SmallWorld.source("data/" + prompts + ".jsonl"), null);
    }

    private static StageTask.PrepareVector task(SuiteSource suite) {
        return new StageTask.PrepareVector(
                GOOD.scratch(),
                GOOD.model(),
                GOOD.harmful(),
                GOOD.heldOut(),
                GOOD.benign(),
                suite,
                GOOD.training(),
                GOOD.storage(),
                null);
    }
}
