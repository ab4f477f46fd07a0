package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationTest {
    @TempDir
    Path volume;

    @Test
    void anEarlierResultOfTheSameKindMayBeReplaced() {
        Destination.MODEL.check(published("model", PublishStage.REPORT));
        Destination.VECTOR.check(published("vector", "vector.json"));
        Destination.MADE_BY_HAND.check(published("hand", ByHand.TRAINING));
    }

    @Test
    void oneOfAnotherKindIsKept() {
        Path vector = published("vector", "vector.json");
        refused(Destination.MODEL, vector, "holds a security vector");
        assertThat(vector.resolve("vector.json")).exists();
        refused(Destination.VECTOR, published("model", PublishStage.REPORT), "holds a published model");
        refused(Destination.MADE_BY_HAND, vector, "holds a security vector");
        refused(Destination.MADE_BY_HAND, volume.resolve("model"), "holds a published model");
    }

    @Test
    void nothingIsPublishedInsideAnotherResult() {
        Path model = published("model", PublishStage.REPORT);
        refused(Destination.VECTOR, model.resolve("secret/vector"), "inside the directory 'model'");
        refused(Destination.MODEL, model.resolve("next"), "inside the directory 'model'");
        assertThat(model.resolve("secret")).doesNotExist();

        Path vector = published("vector", "vector.json");
        refused(
                Destination.MODEL,
                vector.resolve("model"),
                "inside the directory 'vector', which holds a security vector");
    }

    /** A manifest alone is anybody's: of a download, say. */
    @Test
    void aDirectoryWithAManifestOfItsOwnIsNoResult() {
        DurableFiles.write(volume.resolve(AtomicDirectory.MANIFEST), "");
        Destination.MODEL.check(volume.resolve("model"));
    }

    /** So is one whose manifest lists all of it: what is replaced is of the kind that replaces it. */
    @Test
    void aDirectoryWithAManifestOfItsOwnIsNotReplaced() {
        Path download = published("download", "rows.jsonl");
        refused(Destination.MODEL, download, "is no published model");
        refused(Destination.VECTOR, download, "is no security vector");
        assertThat(download.resolve("rows.jsonl")).exists();
    }

    private Path published(String name, String file) {
        Path directory = volume.resolve(name);
        AtomicDirectory.write(directory, d -> DurableFiles.write(d.resolve(file), "{}"));
        assertThat(Files.exists(directory.resolve(file))).isTrue();
        return directory;
    }

    private static void refused(Destination what, Path place, String why) {
        for (ThrowingCallable attempt : List.<ThrowingCallable>of(
                () -> what.check(place), () -> what.write(place, directory -> {}, manifest -> {}))) {
            assertThatThrownBy(attempt)
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.OUTPUT_NOT_WRITABLE))
                    .hasMessageContaining(why);
        }
    }
}
