package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
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

/** What lies under a user's names must not make the pod copy what only the pod may read, wait for ever, or write elsewhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UserFilesTest extends StageHarness {
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

    @Test
    void aDatasetThatLinksToTheVectorsVolumeIsRefusedAndNotCopied() throws IOException {
        StageTask.Prepare task = SmallWorld.prepare(null);
        Path secret = Files.createDirectories(root.resolve("vectors/sv")).resolve("harmful.jsonl");
        Files.copy(root.resolve(task.dataset().path()), secret);
        Path linked = Files.createDirectories(root.resolve("volumes/linking")).resolve("train.jsonl");
        Files.createSymbolicLink(linked, secret);

        StageResult result =
                failed(RUN, with(SmallWorld.source("linking/train.jsonl"), task.output()), Fault.DATASET_INVALID);

        assertThat(result.message())
                .contains("dataset pvc://linking/train.jsonl is a link that leaves its volume")
                .doesNotContain(root.toString());
        assertThat(root.resolve("scratch/prepared/dataset.jsonl")).doesNotExist();
    }

    @Test
    void aPipeInPlaceOfADatasetIsRefusedAtOnce() throws Exception {
        Path pipe = Files.createDirectories(root.resolve("volumes/pipes")).resolve("train.jsonl");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        StageResult result = failed(
                RUN,
                with(
                        SmallWorld.source("pipes/train.jsonl"),
                        SmallWorld.prepare(null).output()),
                Fault.DATASET_INVALID);

        assertThat(result.message()).contains("dataset pvc://pipes/train.jsonl is a pipe");
    }

    @Test
    void anOutputThatLeadsToAnotherVolumeIsRefusedBeforeAnythingIsRead() throws IOException {
        Path others = Files.createDirectories(root.resolve("volumes/others/models"));
        Files.createDirectories(root.resolve("volumes/out"));
        Files.createSymbolicLink(root.resolve("volumes/out/link"), others);
        StageResult result = failed(
                RUN,
                with(SmallWorld.prepare(null).dataset(), new Target("pvc://out/link/bot", "volumes/out/link/bot")),
                Fault.OUTPUT_NOT_WRITABLE);

        assertThat(result.message())
                .contains("output pvc://out/link/bot leads out of its volume by a link")
                .doesNotContain(root.toString());
        assertThat(others).isEmptyDirectory();
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
        return prepare(SmallWorld.source(model), p.dataset(), p.output());
    }

    private static StageTask.Prepare with(Source dataset, Target output) {
        return prepare(SmallWorld.prepare(null).model(), dataset, output);
    }

    private static StageTask.Prepare prepare(Source model, Source dataset, Target output) {
        StageTask.Prepare p = SmallWorld.prepare(null);
        return new StageTask.Prepare(
                p.scratch(),
                model,
                dataset,
                5,
                p.cooldown(),
                p.prompts(),
                p.utility(),
                null,
                p.fineTuning(),
                output,
                null,
                DatasetFormat.MESSAGES,
                null,
                null);
    }
}
