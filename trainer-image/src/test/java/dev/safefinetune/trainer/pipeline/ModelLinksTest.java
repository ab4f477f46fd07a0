package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A link on a user's volume must not make the pod copy what only the pod may read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelLinksTest extends StageHarness {
    private static final String WEIGHTS = "model.safetensors";

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.writeUntrained(root);
    }

    @BeforeEach
    void nothingPrepared() {
        DurableFiles.deleteTree(root.resolve("scratch"));
    }

    @Test
    void aModelFileThatLiesOnAnotherVolumeIsRefusedBeforeAnythingIsCopied() throws IOException {
        Path model = copy("linked");
        Path secret = Files.createDirectories(root.resolve("vector/sv")).resolve(WEIGHTS);
        Files.move(model.resolve(WEIGHTS), secret);
        Files.createSymbolicLink(
                model.resolve(WEIGHTS), Path.of("../../../vector/sv").resolve(WEIGHTS));

        refused("models/linked", "pvc://models/linked/" + WEIGHTS);
    }

    @Test
    void aDirectoryThatLinksToAnotherVolumeIsRefused() throws IOException {
        Files.createDirectories(root.resolve("volumes/linking"));
        Files.createSymbolicLink(root.resolve("volumes/linking/base"), root.resolve("volumes/models/base"));

        refused("linking/base", "pvc://linking/base/config.json");
    }

    @Test
    void linksThatStayOnTheVolumeAreHowModelCachesAreLaidOut() throws IOException {
        Path model = copy("cache/snapshots/main");
        Path blobs = Files.createDirectories(root.resolve("volumes/models/cache/blobs"));
        for (String file : Digests.files(model)) {
            Files.move(model.resolve(file), blobs.resolve(file));
            Files.createSymbolicLink(model.resolve(file), Path.of("../../blobs").resolve(file));
        }

        done(RUN, task("models/cache/snapshots/main"));
    }

    @Test
    void aVolumeMayBeALinkItself() throws IOException {
        Path elsewhere = Files.createDirectories(root.resolve("disk"));
        Files.move(copy("moved"), elsewhere.resolve("moved"));
        Files.createSymbolicLink(root.resolve("volumes/mounted"), elsewhere);

        done(RUN, task("mounted/moved"));
    }

    private void refused(String model, String file) {
        StageResult result = failed(RUN, task(model), Fault.MODEL_INVALID);
        assertThat(result.message())
                .contains(file + " is a link that leaves its volume")
                .doesNotContain(root.toString());
        assertThat(root.resolve("scratch/prepared")).doesNotExist();
    }

    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectories(root.resolve("volumes/models").resolve(name));
        Path base = root.resolve("volumes/models/base");
        for (String file : Digests.files(base)) {
            Files.copy(base.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private static StageTask.Prepare task(String model) {
        StageTask.Prepare p = SmallWorld.prepare(null);
        return new StageTask.Prepare(
                p.scratch(),
                SmallWorld.source(model),
                p.dataset(),
                5,
                p.cooldown(),
                p.prompts(),
                p.utility(),
                null,
                p.fineTuning(),
                p.output());
    }
}
