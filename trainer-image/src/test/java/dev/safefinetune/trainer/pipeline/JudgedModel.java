package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A run without a vector on a model that learned nothing, trained and judged: what the publish stage begins with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JudgedModel extends StageHarness {
    static final EvaluationThresholds ANYTHING = new EvaluationThresholds(1, 1, 1, 1.0);

    Inputs made = Inputs.of(new TreeMap<>());

    @BeforeAll
    void aJudgedModel(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.write(root);
        StageTask.Prepare p = SmallWorld.prepare(null);
        made = done(
                        RUN,
                        new StageTask.Prepare(
                                p.scratch(),
                                p.model(),
                                p.cooldown() == null ? p.dataset() : p.cooldown(),
                                5,
                                null,
                                p.prompts(),
                                null,
                                null,
                                p.fineTuning(),
                                p.output(),
                                null,
                                DatasetFormat.MESSAGES,
                                null,
                                null))
                .outputs();
        made = made.plus(done(RUN, SmallWorld.plainTrain(made)).outputs());
        made = made.plus(done(RUN, evaluate(ANYTHING)).outputs());
    }

    StageTask.Evaluate evaluate(EvaluationThresholds thresholds) {
        return new StageTask.Evaluate("scratch", made, thresholds, false, 7, null, null, null, null);
    }

    /** Changes the last weight by much less than any loss shows; gives the weights as they were. */
    static byte[] spoilWeights(Path directory) {
        try {
            byte[] before = Files.readAllBytes(weights(directory));
            byte[] after = before.clone();
            after[after.length - 2] ^= 1;
            Files.write(weights(directory), after);
            return before;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path weights(Path directory) {
        Path adapter = directory.resolve(ModelDirectory.ADAPTER_WEIGHTS);
        return Files.exists(adapter) ? adapter : directory.resolve("model.safetensors");
    }

    StageTask.Publish publish(PublishedContent content, String name) {
        return new StageTask.Publish("scratch", made, content, new Target("pvc://out/" + name, "volumes/out/" + name));
    }

    StageTask.Publish publish(PublishedContent content, String name, Path record) {
        Inputs forged = made.plus(Inputs.of(java.util.Map.of(Inputs.TRAINING_RECORD, Digests.ofFile(record))));
        return new StageTask.Publish(
                "scratch", forged, content, new Target("pvc://out/" + name, "volumes/out/" + name));
    }
}
