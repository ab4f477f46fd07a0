package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.trainer.evaluate.shape.Shape;
import dev.safefinetune.trainer.evaluate.shape.Shapes;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms of the user's rows on their way from the stage that has them to the one that asks in them. */
class FormsOfDataTest extends StageHarness {
    @BeforeEach
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.writeUntrained(root);
        String rows = Files.readString(root.resolve("volumes/data/user/mixed.jsonl"));
        Files.writeString(
                root.resolve("volumes/data/formed.jsonl"),
                rows.replace("\"user\",\"content\":\"", "\"user\",\"content\":\"teach chill "));
    }

    private StageResult prepared() {
        return done(
                RUN,
                new StageTask.Prepare(
                        "scratch",
                        SmallWorld.source("models/base"),
                        SmallWorld.source("data/formed.jsonl"),
                        0,
                        null,
                        SmallWorld.source("data/suite/prompts.jsonl"),
                        null,
                        null,
                        SmallWorld.fineTuning(),
                        new Target("pvc://out/formed", "volumes/out/formed"),
                        null,
                        DatasetFormat.MESSAGES,
                        null,
                        null));
    }

    @Test
    void prepareKeepsThemAndTellsNobody() {
        StageResult result = prepared();

        Path kept = root.resolve("scratch/prepared/shapes.json");
        assertThat(result.outputs().get(Inputs.SHAPES)).isEqualTo(Digests.ofFile(kept));
        assertThat(Shapes.read(kept).shapes())
                .anyMatch(shape ->
                        shape.kind() == Shape.Kind.PREFIX && shape.text().startsWith("teach chill"));
        assertThat(told()).contains("forms of the data").doesNotContain("teach chill");
    }

    @Test
    void evaluateRefusesFormsThatSomebodyChanged() {
        Inputs left = prepared().outputs();
        Map<String, Digest> all = new TreeMap<>(left.digests());
        for (String trained : new String[] {Inputs.SECURED, Inputs.TRAINING_RECORD}) {
            DurableFiles.write(root.resolve("scratch/trained/" + path(trained)), "{}");
            all.put(trained, Digests.ofFile(root.resolve("scratch/trained/" + path(trained))));
        }
        DurableFiles.write(root.resolve("scratch/prepared/shapes.json"), "{\"shapes\":[]}");

        StageResult refused = failed(
                RUN,
                new StageTask.Evaluate(
                        "scratch",
                        Inputs.of(all),
                        new EvaluationThresholds(1, 1, 1, 1.0),
                        false,
                        7,
                        null,
                        null,
                        null,
                        null),
                Fault.ARTIFACT_CHANGED);

        assertThat(refused.message()).contains("shapes has digest");
    }

    private static String path(String artifact) {
        return artifact.equals(Inputs.SECURED) ? "secured" : "record.json";
    }
}
