package dev.safefinetune.trainer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeFileTest {
    @TempDir
    private Path directory = Path.of("");

    private Path volume = Path.of("");
    private Path secret = Path.of("");

    @BeforeEach
    void volumes() throws IOException {
        volume = Files.createDirectories(directory.resolve("volumes/tickets"));
        secret = Files.writeString(
                Files.createDirectories(directory.resolve("vectors")).resolve("harmful"), "secret");
    }

    private void refused(Path file, String words) {
        assertThatThrownBy(() ->
                        VolumeFile.open(volume, file, Fault.DATASET_INVALID).close())
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(words);
    }

    @Test
    void aFileOfTheVolumeIsReadAlsoThroughLinksThatStayThere() throws IOException {
        Path file = Files.writeString(volume.resolve("rows"), "rows");
        Path linked = Files.createSymbolicLink(volume.resolve("linked"), Path.of("rows"));
        for (Path named : new Path[] {file, linked}) {
            try (VolumeFile opened = VolumeFile.open(volume, named, Fault.DATASET_INVALID)) {
                assertThat(Files.readString(opened.path())).isEqualTo("rows");
            }
        }
    }

    @Test
    void aVolumeMayBeALinkItself() throws IOException {
        Files.writeString(volume.resolve("rows"), "rows");
        Path mounted = Files.createSymbolicLink(directory.resolve("mounted"), volume);
        try (VolumeFile opened = VolumeFile.open(mounted, mounted.resolve("rows"), Fault.DATASET_INVALID)) {
            assertThat(Files.readString(opened.path())).isEqualTo("rows");
        }
    }

    /** What is read is what was looked at: the name may lead elsewhere by then. */
    @Test
    void aFileThatIsSwappedAfterwardsIsStillTheOneThatWasOpened() throws IOException {
        Path file = Files.writeString(volume.resolve("rows"), "rows");
        try (VolumeFile opened = VolumeFile.open(volume, file, Fault.DATASET_INVALID)) {
            Files.delete(file);
            Files.createSymbolicLink(file, secret);
            assertThat(Files.readString(opened.path())).isEqualTo("rows");
        }
        refused(file, "leaves its volume");
    }

    @Test
    void aLinkOutOfTheVolumeIsRefused() throws IOException {
        refused(Files.createSymbolicLink(volume.resolve("link"), secret), "is a link that leaves its volume");
        Files.createSymbolicLink(volume.resolve("directory"), secret.getParent());
        refused(volume.resolve("directory/harmful"), "is a link that leaves its volume");
        // A name that only begins like the volume's.
        Path beside = Files.writeString(
                Files.createDirectories(directory.resolve("volumes/tickets-2")).resolve("a"), "a");
        refused(Files.createSymbolicLink(volume.resolve("beside"), beside), "is a link that leaves its volume");
    }

    @Test
    void whatIsNoFileIsRefusedAndNeverWaitedFor() throws Exception {
        Path pipe = volume.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> refused(pipe, "is a pipe"));
        refused(Files.createSymbolicLink(volume.resolve("zero"), Path.of("/dev/zero")), "a device");
        refused(volume, "is a directory, not a file");
        refused(volume.resolve("none"), "does not exist");
        refused(Files.writeString(volume.resolve("file"), "rows").resolve("below"), "does not exist");
        refused(Files.createSymbolicLink(volume.resolve("loop"), Path.of("loop")), "leads to itself");
    }

    @Test
    void nothingStaysOpen() throws IOException {
        Path file = Files.writeString(volume.resolve("rows"), "rows");
        long before = open();
        for (int i = 0; i < 50; i++) {
            VolumeFile.open(volume, file, Fault.DATASET_INVALID).close();
            refused(volume, "is a directory");
        }
        assertThat(open()).isLessThan(before + 40);
    }

    private static long open() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
    }
}
